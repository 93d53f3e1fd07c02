// The shapes of our own protocol for tests, as the book has it in editors/protocol.md.
//
// Must not hold behaviour.

import type { Location, Range } from 'vscode-languageclient/node';

export interface TestNode {
  id: string;
  name: string;
  range: Range;
  selectionRange: Range;
  markers: string[];
  doc?: string;
}

export interface FileNode {
  uri: string;
  /** Below the suite's directory. */
  path: string;
  tests: TestNode[];
}

export interface SuiteNode {
  uri: string;
  name: string;
  files: FileNode[];
}

export interface Tree {
  suites: SuiteNode[];
}

export interface TestsChanged {
  files?: string[];
}

/** The argument of `relux.runTests`. */
export interface RunTests {
  uri: string;
  ids?: string[];
  jobs?: number | string;
  quiet?: boolean;
}

export interface TestEvent {
  run: string;
  kind: 'started' | 'testStarted' | 'output' | 'testFinished' | 'finished';
  uri?: string;
  id?: string;
  test?: string;
  outcome?: 'passed' | 'failed' | 'skipped' | 'invalid' | 'cancelled';
  flaky?: boolean;
  message?: string;
  durationMs?: number;
  location?: Location;
  related?: { location: Location; message: string }[];
  log?: string;
  text?: string;
}

/** What `relux.showEffectGraph` answers. */
export interface EffectGraph {
  format: 'dot' | 'mermaid';
  text: string;
}
