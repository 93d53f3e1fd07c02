// The tree of the test explorer: suites, files and tests as the server knows them.
//
// Must not run anything. An item stays the same object for as long as what it stands for is there, so that results,
// selections and what is unfolded outlive edits.

import * as vscode from 'vscode';
import type { FileNode, SuiteNode, TestNode } from './protocol';

/** What an item of the tree stands for. */
export interface Meaning {
  suite: string;
  /** Missing for suites. */
  file?: string;
  /** Missing for suites and files. */
  id?: string;
}

export class TestTree {
  private readonly meanings = new WeakMap<vscode.TestItem, Meaning>();
  /** Items of tests by file and id, as events name them. */
  private readonly tests = new Map<string, vscode.TestItem>();
  private readonly files = new Map<string, vscode.TestItem>();
  /** What the last run had to say about a test that its icon cannot. */
  private readonly notes = new WeakMap<vscode.TestItem, string>();
  private readonly markers = new WeakMap<vscode.TestItem, string[]>();
  /** The suite whose files are at the top, because it is the only one. */
  private alone: string | undefined;

  constructor(private readonly controller: vscode.TestController) {}

  meaning(item: vscode.TestItem): Meaning | undefined {
    return this.meanings.get(item);
  }

  file(uri: vscode.Uri): vscode.TestItem | undefined {
    return this.files.get(uri.toString());
  }

  /** The files in a directory and below it. */
  filesBelow(directory: vscode.Uri): vscode.TestItem[] {
    const prefix = `${directory.toString().replace(/\/$/, '')}/`;
    return [...this.files].filter(([uri]) => uri.startsWith(prefix)).map(([, item]) => item);
  }

  /** The test that an event names. */
  test(file: string, id: string | undefined): vscode.TestItem | undefined {
    return this.tests.get(key(vscode.Uri.parse(file).toString(), id));
  }

  /** Puts a word about the last run beside a test, or takes it away. */
  note(item: vscode.TestItem, note: string | undefined): void {
    if (note === undefined) {
      this.notes.delete(item);
    } else {
      this.notes.set(item, note);
    }
    this.describe(item);
  }

  /** Takes in all that there is. */
  replaceAll(suites: SuiteNode[]): void {
    const withTests = suites.filter((suite) => suite.files.length > 0);
    const [only] = withTests;
    const alone = withTests.length === 1 ? only?.uri : undefined;
    if (alone !== this.alone) {
      // Another shape: files move between the top and a suite.
      this.controller.items.replace([]);
      this.files.clear();
      this.tests.clear();
    }
    this.alone = alone;
    if (only !== undefined && alone !== undefined) {
      this.setFiles(this.controller.items, only);
      return;
    }
    keep(this.controller.items, withTests.map(({ uri }) => uri), (item) => item.children.forEach((file) => this.lose(file)));
    for (const suite of withTests) {
      this.setFiles(this.suiteItem(suite).children, suite);
    }
  }

  /** Takes in what is known now about some files; false if the tree needs another shape for it. */
  replaceSome(files: string[], suites: SuiteNode[]): boolean {
    const known = new Set(suites.flatMap((suite) => suite.files.map((file) => vscode.Uri.parse(file.uri).toString())));
    for (const uri of files.map((file) => vscode.Uri.parse(file).toString())) {
      const item = this.files.get(uri);
      if (item !== undefined && !known.has(uri)) {
        const suite = item.parent;
        (suite?.children ?? this.controller.items).delete(item.id);
        this.lose(item);
        if (suite?.children.size === 0) {
          return false;
        }
      }
    }
    for (const suite of suites.filter(({ files: found }) => found.length > 0)) {
      const place = suite.uri === this.alone ? this.controller.items : this.controller.items.get(suite.uri)?.children;
      if (place === undefined) {
        return false;
      }
      suite.files.forEach((file) => this.setFile(place, suite, file));
    }
    return true;
  }

  private suiteItem(suite: SuiteNode): vscode.TestItem {
    const known = this.controller.items.get(suite.uri);
    const item = known ?? this.controller.createTestItem(suite.uri, suite.name, vscode.Uri.parse(suite.uri));
    item.label = suite.name;
    if (known === undefined) {
      this.meanings.set(item, { suite: suite.uri });
      this.controller.items.add(item);
    }
    return item;
  }

  private setFiles(place: vscode.TestItemCollection, suite: SuiteNode): void {
    const ids = suite.files.map((file) => vscode.Uri.parse(file.uri).toString());
    keep(place, ids, (item) => this.lose(item));
    suite.files.forEach((file) => this.setFile(place, suite, file));
  }

  private setFile(place: vscode.TestItemCollection, suite: SuiteNode, file: FileNode): void {
    // The editor's own spelling of a URI is what commands come with.
    const uri = vscode.Uri.parse(file.uri);
    const id = uri.toString();
    const label = file.path.replace(/^relux\/tests\//, '') || suite.name;
    const known = place.get(id);
    const item = known ?? this.controller.createTestItem(id, label, uri);
    this.meanings.set(item, { suite: suite.uri, file: file.uri });
    this.files.set(id, item);
    keep(item.children, file.tests.map((test) => test.id), (test) => this.tests.delete(key(id, test.id)));
    file.tests.forEach((test, index) => this.setTest(item, suite, file, test, index));
    if (known === undefined) {
      place.add(item);
    }
  }

  private setTest(file: vscode.TestItem, suite: SuiteNode, node: FileNode, test: TestNode, index: number): void {
    const known = file.children.get(test.id);
    const label = test.name || '(without a name)';
    const item = known ?? this.controller.createTestItem(test.id, label, file.uri);
    const { start, end } = test.range;
    const range = new vscode.Range(start.line, start.character, end.line, end.character);
    // Each of these is sent to the window, so only what is new.
    if (item.label !== label) {
      item.label = label;
    }
    if (item.range?.isEqual(range) !== true) {
      item.range = range;
    }
    this.markers.set(item, test.markers);
    this.describe(item);
    const sortText = String(index).padStart(6, '0');
    if (item.sortText !== sortText) {
      item.sortText = sortText;
    }
    if (known === undefined) {
      this.meanings.set(item, { suite: suite.uri, file: node.uri, id: test.id });
      this.tests.set(key(file.id, test.id), item);
      file.children.add(item);
    }
  }

  private describe(item: vscode.TestItem): void {
    const note = this.notes.get(item);
    // The reason of a skipped test is its marker, as it is written.
    const markers = this.markers.get(item)?.filter((marker) => note?.includes(marker) !== true) ?? [];
    const description = [note, ...markers].filter(Boolean).join('  ');
    if ((item.description ?? '') !== description) {
      item.description = description;
    }
  }

  private lose(file: vscode.TestItem): void {
    this.files.delete(file.id);
    file.children.forEach((test) => this.tests.delete(key(file.id, test.id)));
  }
}

/** Removes the items with other ids than these, after telling `lost` of each. */
function keep(items: vscode.TestItemCollection, ids: string[], lost: (item: vscode.TestItem) => void): void {
  const wanted = new Set(ids);
  for (const [id, item] of [...items]) {
    if (!wanted.has(id)) {
      lost(item);
      items.delete(id);
    }
  }
}

function key(file: string, id: string | undefined): string {
  return `${file}\n${id ?? ''}`;
}
