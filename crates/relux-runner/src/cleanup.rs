//! The end of tests and effects: their shells, their cleanup blocks, the order among effects.
//!
//! Cleanups run whatever happened before, each within a time of its own, and only a second signal skips them.

use std::sync::Arc;

use relux_model::plan::Block;
use tokio::task::JoinSet;

use crate::attempt::Attempt;
use crate::control::{Control, Stop};
use crate::effects::Instance;
use crate::event::Failure;
use crate::shell::{Reached, hang_up, tear_down};
use crate::vm::{Halt, Scope, Vm};

/// Ends all effect instances: each after all that depend on it, independent ones at the same time.
pub(crate) async fn end_effects(att: &Arc<Attempt>, run_end: &Control) {
    let all = att.effects.all();
    let mut tasks = JoinSet::new();
    for instance in &all {
        let dependents: Vec<Arc<Instance>> = all
            .iter()
            // Of instances that wait for each other, none can end after the other.
            .filter(|other| other.depends_on(instance) && !instance.reaches(other))
            .map(Arc::clone)
            .collect();
        let (att, instance, run_end) = (Arc::clone(att), Arc::clone(instance), run_end.clone());
        tasks.spawn(async move {
            for dependent in dependents {
                dependent.gone().await;
            }
            instance.end(&att, &run_end).await;
        });
    }
    while let Some(result) = tasks.join_next().await {
        if let Err(error) = result {
            att.warn(Failure::internal(error.to_string()));
        }
    }
}

/// Ends the shells of a test or effect and runs its cleanup block. `run_end` skips the block.
pub(crate) async fn end_scope(
    att: &Arc<Attempt>,
    scope: &Arc<Scope>,
    cleanup: Option<&Block>,
    run_end: &Control,
) {
    if let Some(block) = cleanup
        && run_end.check().is_ok()
    {
        let shells = Scope::lock(&scope.shells).clone();
        for shell in &shells {
            hang_up(shell).await;
        }
        run_block(att, scope, block, run_end).await;
    }
    let shells = Scope::lock(&scope.shells).clone();
    att.take_in(tear_down(&shells).await, scope);
}

/// A cleanup is over when its last command is, also if nothing waits for that.
async fn finish_sends(att: &Arc<Attempt>, scope: &Arc<Scope>, control: &Control) {
    let shells = Scope::lock(&scope.shells).clone();
    for shell in shells {
        tokio::select! {
            () = shell.last_send(&att.run.settings.prompt, Reached::Finished) => {}
            _ = control.stopped() => return,
        }
    }
}

async fn run_block(att: &Arc<Attempt>, scope: &Arc<Scope>, block: &Block, run_end: &Control) {
    let control = Control::new();
    let limit = att.run.settings.cleanup_timeout;
    let mut vm = Vm::new(att, scope, &control);
    let running = async {
        let result = vm.cleanup(&block.body, block.loc).await;
        if result.is_ok() {
            finish_sends(att, scope, &control).await;
        }
        result
    };
    tokio::pin!(running);
    let time_up = att.run.board.clock.sleep(limit);
    tokio::pin!(time_up);
    let mut told = false;
    let result = loop {
        tokio::select! {
            result = &mut running => break result,
            () = &mut time_up, if !told => {
                told = true;
                control.stop(Stop::CleanupTimeout(limit));
            }
            stop = run_end.stopped(), if !told => {
                told = true;
                control.stop(stop);
            }
        }
    };
    if let Err(Halt::Failed(failure)) = result {
        att.warn((*failure).clone());
    }
}
