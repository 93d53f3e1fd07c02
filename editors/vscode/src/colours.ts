// Colours by meaning, only for what the grammar cannot know: whose name a word is. Keywords, operators, text, expressions
// and the shell's words look as the grammar has them, which tells more kinds apart than the server's tokens do.
//
// Must not look at text. The scopes of names stand in the manifest, `semanticTokenScopes`.

import type { SemanticTokensLegend, ServerCapabilities } from 'vscode-languageclient/node';

/** No theme has a rule for it, and so the editor leaves such a token as it is. */
const AS_IT_IS = 'reluxSyntax';
const NAMES = new Set(['class', 'function', 'label', 'namespace', 'parameter', 'property', 'variable']);

/** Has all that are no names left to the grammar. */
export function leaveToGrammar({ semanticTokensProvider }: ServerCapabilities): void {
  const legend: SemanticTokensLegend | undefined = semanticTokensProvider?.legend;
  if (legend !== undefined) {
    legend.tokenTypes = legend.tokenTypes.map((type) => (NAMES.has(type) ? type : AS_IT_IS));
  }
}
