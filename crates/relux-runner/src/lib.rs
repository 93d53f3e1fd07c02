//! Shells, effects and the scheduler that runs plans.
