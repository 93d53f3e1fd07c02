//! Effect instances of one attempt: who shares, who waits for whom, set-up and end.
//!
//! An instance is an effect with the evaluated values of all that it needs. Independent starts are set up at the same
//! time; dependents end before what they depend on.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use relux_model::plan::{EffectId, EffectPlan, Expose, ExposeKind, Start};
use rustc_hash::FxHashMap;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::attempt::Attempt;
use crate::cleanup::end_scope;
use crate::control::{Control, Stop};
use crate::env::Env;
use crate::event::{Failure, StackEntry, Step};
use crate::shell::{Reached, Shell, hang_up};
use crate::status::WaitsFor;
use crate::vm::{Halt, Scope, SharedSession, Vm, stack_entry};

/// What makes two starts the same instance.
type Key = (EffectId, Vec<Option<String>>);

/// All instances of an attempt.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    instances: Mutex<Vec<(Key, Arc<Instance>)>>,
}

/// An effect that was started, perhaps for several starters.
#[derive(Debug)]
pub(crate) struct Instance {
    effect: EffectId,
    scope: Arc<Scope>,
    /// What it started itself.
    dependencies: Mutex<Vec<Arc<Instance>>>,
    /// `None` while it is being set up.
    ready: watch::Sender<Option<Result<(), Halt>>>,
    /// Own statements have begun, so there is something to clean up.
    begun: AtomicBool,
    exposed: OnceLock<Exposed>,
    /// It has ended.
    gone: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Exposed {
    shells: FxHashMap<String, SharedSession>,
    vars: FxHashMap<String, String>,
}

impl Registry {
    /// All instances.
    pub(crate) fn all(&self) -> Vec<Arc<Instance>> {
        Scope::lock(&self.instances)
            .iter()
            .map(|(_, instance)| Arc::clone(instance))
            .collect()
    }

    /// The processes of all instances.
    pub(crate) fn shells(&self) -> Vec<Arc<Shell>> {
        Scope::lock(&self.instances)
            .iter()
            .flat_map(|(_, instance)| Scope::lock(&instance.scope.shells).clone())
            .collect()
    }
}

impl Instance {
    /// Whether it started the other one.
    pub(crate) fn depends_on(&self, other: &Arc<Self>) -> bool {
        Scope::lock(&self.dependencies)
            .iter()
            .any(|it| Arc::ptr_eq(it, other))
    }

    /// Whether it depends on the other one, directly or through others.
    pub(crate) fn reaches(&self, other: &Arc<Self>) -> bool {
        let mut seen: Vec<Arc<Self>> = Vec::new();
        let mut pending = Scope::lock(&self.dependencies).clone();
        while let Some(next) = pending.pop() {
            if Arc::ptr_eq(&next, other) {
                return true;
            }
            if !seen.iter().any(|it| Arc::ptr_eq(it, &next)) {
                pending.extend(Scope::lock(&next.dependencies).iter().cloned());
                seen.push(next);
            }
        }
        false
    }

    /// Waits until it has ended.
    pub(crate) async fn gone(&self) {
        // The sender lives in `self`.
        let _ = self.gone.subscribe().wait_for(|gone| *gone).await;
    }

    /// Ends it.
    pub(crate) async fn end(&self, att: &Arc<Attempt>, run_end: &Control) {
        // Also if ending it panics: what it depends on waits for this.
        let _gone = Gone(&self.gone);
        let effect = &att.run.program.effects[self.effect.0 as usize];
        let begun = self.begun.load(Ordering::Relaxed);
        let cleanup = effect.cleanup.as_ref().filter(|_| begun);
        end_scope(att, &self.scope, cleanup, run_end).await;
    }

    /// A shell that it hands out.
    pub(crate) fn exposed_shell(&self, name: &str) -> Option<SharedSession> {
        self.exposed.get()?.shells.get(name).map(Arc::clone)
    }

    /// A variable that it hands out.
    pub(crate) fn exposed_var(&self, name: &str) -> Option<String> {
        self.exposed.get()?.vars.get(name).cloned()
    }
}

/// Says when dropped that an instance has ended.
struct Gone<'a>(&'a watch::Sender<bool>);

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

/// Who starts effects: a test, or an instance that will depend on them.
#[derive(Clone)]
pub(crate) struct Starter {
    pub(crate) att: Arc<Attempt>,
    pub(crate) scope: Arc<Scope>,
    pub(crate) control: Control,
    pub(crate) instance: Option<Arc<Instance>>,
}

impl Starter {
    /// Starts all effects of a list and waits until they are up. On a failure the others are stopped, not abandoned.
    pub(crate) async fn start_all(&self, starts: &[Start]) -> Result<(), Halt> {
        if starts.is_empty() {
            return Ok(());
        }
        let done: Arc<Vec<watch::Sender<bool>>> =
            Arc::new(starts.iter().map(|_| watch::Sender::new(false)).collect());
        let mut tasks = JoinSet::new();
        for (index, start) in starts.iter().cloned().enumerate() {
            let starter = self.clone();
            let done = Arc::clone(&done);
            tasks.spawn(async move {
                let result = starter.start_after(&start, &done).await;
                if let Err(Halt::Failed(failure)) = &result {
                    starter.control.stop(Stop::Failed(Arc::clone(failure)));
                }
                done[index].send_replace(true);
                result
            });
        }
        let mut first = Ok(());
        while let Some(result) = tasks.join_next().await {
            let result = result.unwrap_or_else(|error| {
                // The others may be waiting for what this one will never say.
                let failure = Arc::new(Failure::internal(error.to_string()));
                self.control.stop(Stop::Failed(Arc::clone(&failure)));
                Err(Halt::Failed(failure))
            });
            if first.is_ok() {
                first = result;
            }
        }
        first
    }

    async fn start_after(&self, start: &Start, done: &[watch::Sender<bool>]) -> Result<(), Halt> {
        let mut vm = Vm::new(&self.att, &self.scope, &self.control);
        for &sibling in &start.after {
            if let Some(sibling) = done.get(sibling) {
                let mut done = sibling.subscribe();
                vm.waits(WaitsFor::Start, None, start.loc);
                tokio::select! {
                    _ = done.wait_for(|done| *done) => {}
                    stop = self.control.stopped() => return Err(vm.halted(stop, start.loc)),
                }
            }
        }
        self.control.check().map_err(|stop| vm.halted(stop, start.loc))?;
        let mut overlay = BTreeMap::new();
        for entry in &start.overlay {
            let value = vm.eval(&entry.value).await?;
            self.att.run.secrets.learn(&entry.key, &value);
            overlay.insert(entry.key.clone(), value);
        }
        let env = self.scope.env.with_overlay(overlay);
        let instance = self.acquire(start, env, &vm).await?;
        if let Some(alias) = &start.alias {
            Scope::lock(&self.scope.aliases).insert(alias.clone(), instance);
        }
        Ok(())
    }

    /// The instance for this environment: an existing one, or a new one that is set up here.
    async fn acquire(&self, start: &Start, env: Env, vm: &Vm) -> Result<Arc<Instance>, Halt> {
        let program = Arc::clone(&self.att.run.program);
        let effect = &program.effects[start.effect.0 as usize];
        let values = effect
            .needs
            .iter()
            .map(|name| env.get(name).map(str::to_owned))
            .collect();
        let key = (start.effect, values);
        let (instance, created) = {
            let mut instances = Scope::lock(&self.att.effects.instances);
            if let Some((_, found)) = instances.iter().find(|(existing, _)| *existing == key) {
                (Arc::clone(found), false)
            } else {
                let instance = Arc::new(self.new_instance(start, effect, env));
                instances.push((key, Arc::clone(&instance)));
                (instance, true)
            }
        };
        if let Some(parent) = &self.instance {
            Scope::lock(&parent.dependencies).push(Arc::clone(&instance));
        }
        if created {
            let result = set_up(self, &instance, effect).await;
            instance.ready.send_replace(Some(result.clone()));
            result?;
        } else {
            let mut ready = instance.ready.subscribe();
            vm.waits(WaitsFor::Effect(effect.name.clone()), None, start.loc);
            let result = tokio::select! {
                result = ready.wait_for(Option::is_some) => result.map(|result| result.clone()),
                stop = self.control.stopped() => return Err(vm.halted(stop, start.loc)),
            };
            match result {
                Ok(Some(result)) => result?,
                Ok(None) | Err(_) => {
                    return Err(Halt::Failed(Arc::new(Failure::internal(
                        "an effect vanished".to_owned(),
                    ))));
                }
            }
        }
        Ok(instance)
    }

    fn new_instance(&self, start: &Start, effect: &EffectPlan, env: Env) -> Instance {
        let program = &self.att.run.program;
        let alias = start
            .alias
            .as_ref()
            .map_or(String::new(), |alias| format!(" as {alias}"));
        let values: Vec<String> = start
            .overlay
            .iter()
            .map(|entry| format!("{}={:?}", entry.key, env.get(&entry.key).unwrap_or_default()))
            .collect();
        let values = if values.is_empty() {
            String::new()
        } else {
            format!(" ({})", values.join(", "))
        };
        let what = format!("effect {}{alias}{values}", effect.name);
        let origin: Vec<StackEntry> = std::iter::once(stack_entry(program, what, start.loc))
            .chain(self.scope.origin.iter().cloned())
            .collect();
        Instance {
            effect: start.effect,
            scope: Arc::new(Scope {
                prefix: format!("{}.", effect.name),
                env,
                origin,
                ..Scope::default()
            }),
            dependencies: Mutex::default(),
            ready: watch::Sender::new(None),
            begun: AtomicBool::new(false),
            exposed: OnceLock::new(),
            gone: watch::Sender::new(false),
        }
    }
}

fn set_up<'a>(
    starter: &'a Starter,
    instance: &'a Arc<Instance>,
    effect: &'a EffectPlan,
) -> std::pin::Pin<Box<dyn Future<Output = Result<(), Halt>> + Send + 'a>> {
    // Boxed because effects start effects.
    Box::pin(async move {
        let att = &starter.att;
        att.step(Step::Effect, format!("effect {}", effect.name));
        let mut vm = Vm::new(att, &instance.scope, &starter.control);
        vm.preamble(&effect.preamble).await?;
        let inner = Starter {
            att: Arc::clone(att),
            scope: Arc::clone(&instance.scope),
            control: starter.control.clone(),
            instance: Some(Arc::clone(instance)),
        };
        inner.start_all(&effect.starts).await?;
        instance.begun.store(true, Ordering::Relaxed);
        for block in &effect.blocks {
            vm.block(block).await?;
        }
        expose(att, instance, effect).await;
        Ok(())
    })
}

/// Hands out what the effect exposes and ends its other shells.
async fn expose(att: &Attempt, instance: &Arc<Instance>, effect: &EffectPlan) {
    let mut exposed = Exposed::default();
    for expose in &effect.exposes {
        match expose.kind {
            ExposeKind::Shell => {
                if let Some(session) = exposed_session(instance, expose) {
                    session.lock().await.hand_over();
                    exposed.shells.insert(expose.name.clone(), session);
                }
            }
            ExposeKind::Var => {
                let value = match &expose.from {
                    None => Scope::lock(&instance.scope.lets).get(&expose.target).cloned(),
                    Some(alias) => Scope::lock(&instance.scope.aliases)
                        .get(alias)
                        .and_then(|inner| inner.exposed_var(&expose.target)),
                };
                exposed
                    .vars
                    .insert(expose.name.clone(), value.unwrap_or_default());
            }
        }
    }
    let hidden: Vec<SharedSession> = {
        let own_exposed: Vec<&str> = effect
            .exposes
            .iter()
            .filter(|expose| expose.kind == ExposeKind::Shell && expose.from.is_none())
            .map(|expose| expose.target.as_str())
            .collect();
        let mut sessions = Scope::lock(&instance.scope.sessions);
        let names: Vec<String> = sessions
            .keys()
            .filter(|name| !own_exposed.contains(&name.as_str()))
            .cloned()
            .collect();
        names.iter().filter_map(|name| sessions.remove(name)).collect()
    };
    for session in hidden {
        let shell = Arc::clone(&session.lock().await.shell);
        shell.last_send(&att.run.settings.prompt, Reached::Begun).await;
        shell.conclude_watch().await;
        hang_up(&shell).await;
    }
    // Nobody else sets it: set-up runs once.
    let _ = instance.exposed.set(exposed);
}

fn exposed_session(instance: &Instance, expose: &Expose) -> Option<SharedSession> {
    match &expose.from {
        None => Scope::lock(&instance.scope.sessions)
            .get(&expose.target)
            .map(Arc::clone),
        Some(alias) => Scope::lock(&instance.scope.aliases)
            .get(alias)?
            .exposed_shell(&expose.target),
    }
}
