//! Strongly connected components: the one cycle finder for functions and imports.
//!
//! Iterative, because a chain of definitions may be as long as a file allows.

/// The components of a graph with nodes `0..edges.len()` that lie on a cycle. Nodes of a component are in ascending
/// order, components in the order of their first node.
pub(crate) fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut found = components(edges);
    found.retain(|component| match component.as_slice() {
        [only] => edges[*only].contains(only),
        _ => true,
    });
    for component in &mut found {
        component.sort_unstable();
    }
    found.sort();
    found
}

/// All components: sets of nodes in which every node can reach every other. A component comes after those that it can
/// reach, and so do the nodes of one as far as a cycle allows.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        index: vec![None; edges.len()],
        low: vec![0; edges.len()],
        on_stack: vec![false; edges.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for node in 0..edges.len() {
        if search.index[node].is_none() {
            search.run(node);
        }
    }
    search.found
}

/// Tarjan, "Depth-first search and linear graph algorithms" (1972), with its recursion unrolled.
struct Search<'a> {
    edges: &'a [Vec<usize>],
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn run(&mut self, root: usize) {
        let mut calls = vec![(root, 0)];
        self.enter(root);
        while let Some((node, position)) = calls.last_mut() {
            let node = *node;
            if let Some(&target) = self.edges[node].get(*position) {
                *position += 1;
                match self.index[target] {
                    None => {
                        self.enter(target);
                        calls.push((target, 0));
                    }
                    Some(index) if self.on_stack[target] => {
                        self.low[node] = self.low[node].min(index);
                    }
                    Some(_) => {}
                }
                continue;
            }
            calls.pop();
            if let Some((caller, _)) = calls.last() {
                self.low[*caller] = self.low[*caller].min(self.low[node]);
            }
            self.leave(node);
        }
    }

    fn enter(&mut self, node: usize) {
        self.index[node] = Some(self.next);
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
    }

    fn leave(&mut self, node: usize) {
        if Some(self.low[node]) != self.index[node] {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member] = false;
            component.push(member);
            if member == node {
                break;
            }
        }
        self.found.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::{components, cycles};

    #[test]
    fn finds_cycles_and_nothing_else() {
        let edges = vec![vec![1], vec![2, 3], vec![0], vec![4], vec![4], vec![0], vec![]];
        assert_eq!(cycles(&edges), [vec![0, 1, 2], vec![4]]);
    }

    #[test]
    fn components_come_after_what_they_reach() {
        let edges = vec![vec![1, 2], vec![3], vec![1], vec![]];
        assert_eq!(components(&edges), [vec![3], vec![1], vec![2], vec![0]]);
        let ring = vec![vec![1], vec![2], vec![0]];
        assert_eq!(components(&ring), [vec![2, 1, 0]]);
    }

    #[test]
    fn survives_long_chains() {
        let length = 200_000;
        let mut edges: Vec<Vec<usize>> = (1..=length).map(|next| vec![next]).collect();
        edges.push(vec![0]);
        assert_eq!(cycles(&edges).len(), 1);
        edges[length] = Vec::new();
        assert!(cycles(&edges).is_empty());
    }
}
