// What the server says about a test, put into the words of the editor: state, messages and output.
//
// Must not keep anything.

import * as vscode from 'vscode';
import type { Location } from 'vscode-languageclient/node';
import type { TestEvent } from './protocol';

/** As a terminal shows them, which is what the output of a run is. */
const GREEN = '\x1b[32m';
const RED = '\x1b[31m';
const YELLOW = '\x1b[33m';
const PLAIN = '\x1b[0m';

/** Shows a step of a test. */
export function show(run: vscode.TestRun, item: vscode.TestItem, event: TestEvent): void {
  switch (event.kind) {
    case 'testStarted':
      run.started(item);
      break;
    case 'output':
      run.appendOutput(lines(`  ${event.text ?? ''}`), undefined, item);
      break;
    case 'testFinished':
      // Without a place: the failure itself stands at its line already.
      run.appendOutput(lines(`${report(event)}\n`), undefined, item);
      finish(run, item, event);
  }
}

/** Marks a test of a run that could not be, or has failed as a whole. */
export function fail(run: vscode.TestRun, item: vscode.TestItem, why: string): void {
  run.errored(item, message(item, { message: why }));
}

function finish(run: vscode.TestRun, item: vscode.TestItem, event: TestEvent): void {
  switch (event.outcome) {
    case 'passed':
      run.passed(item, event.durationMs);
      break;
    case 'failed':
      run.failed(item, message(item, event), event.durationMs);
      break;
    case 'invalid':
      run.errored(item, message(item, event), event.durationMs);
      break;
    default:
      run.skipped(item);
  }
}

function report(event: TestEvent): string {
  const { test, outcome, flaky, durationMs, log } = event;
  const colour = outcome === 'passed' && !flaky ? GREEN : outcome === 'failed' || outcome === 'invalid' ? RED : YELLOW;
  const result = flaky ? 'passed, but not at the first attempt' : outcome;
  const took = durationMs === undefined ? '' : ` in ${(durationMs / 1000).toFixed(2)} s`;
  const why = event.message === undefined ? '' : `: ${event.message.trimEnd()}`;
  const page = log === undefined ? '' : `\n  log: ${vscode.Uri.parse(log).fsPath}`;
  return `${test}: ${colour}${result}${PLAIN}${took}${why}${page}`;
}

function message(item: vscode.TestItem, event: Partial<TestEvent>): vscode.TestMessage {
  const found = new vscode.TestMessage(event.message ?? event.outcome ?? '');
  found.location = event.location ? place(event.location) : item.uri && item.range && new vscode.Location(item.uri, item.range);
  if (event.location !== undefined && event.related !== undefined && event.related.length > 0) {
    const frame = (label: string, { uri, range }: Location): vscode.TestMessageStackFrame =>
      new vscode.TestMessageStackFrame(label, vscode.Uri.parse(uri), new vscode.Position(range.start.line, range.start.character));
    const first = (event.message ?? '').split('\n')[0] ?? '';
    found.stackTrace = [frame(first, event.location), ...event.related.map((it) => frame(it.message, it.location))];
  }
  return found;
}

function place({ uri, range: { start, end } }: Location): vscode.Location {
  return new vscode.Location(vscode.Uri.parse(uri), new vscode.Range(start.line, start.character, end.line, end.character));
}

/** A terminal wants both characters at the end of a line. */
export function lines(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}
