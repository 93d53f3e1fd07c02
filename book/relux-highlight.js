// Colours for `relux` code blocks. The page's highlighter does not know the language, so this gives it a grammar and
// asks it to look at these blocks again.
(function () {
  'use strict';
  if (typeof hljs === 'undefined') return;
  const interpolation = {
    className: 'variable',
    begin: /\$\{[A-Za-z_0-9.]+\}|\$\$/,
  };
  const payload = (operator) => ({
    begin: operator,
    beginScope: 'operator',
    end: /$/,
    className: 'string',
    contains: [interpolation, { className: 'symbol', begin: /\\./ }],
  });
  hljs.registerLanguage('relux', () => ({
    name: 'Relux',
    keywords: {
      keyword: 'fn pure effect test shell let start expect expose import cleanup as var',
    },
    contains: [
      { className: 'comment', begin: /^\s*\/\//, end: /$/ },
      { className: 'meta', begin: /^\s*#/, end: /$/ },
      { className: 'string', begin: /"""/, end: /"""/ },
      payload(/^\s*(=>|>|<([~@][0-9a-z]+)?[?=]|![?=])/),
      { className: 'string', begin: /^\s*[?=] /, end: /$/, contains: [interpolation] },
      { className: 'string', begin: /"/, end: /"/, contains: [{ begin: /\\./ }, interpolation] },
      { className: 'number', begin: /[~@][0-9][0-9a-z]*|\$[0-9]+|\b[0-9]+\b/ },
      { className: 'title', begin: /\b[A-Z][A-Za-z0-9_]*\b/ },
      { className: 'built_in', begin: /\b[a-z_][a-z0-9_]*(?=\()/ },
    ],
  }));
  const again = hljs.highlightElement || hljs.highlightBlock;
  document.querySelectorAll('code.language-relux').forEach((block) => {
    block.textContent = block.textContent;
    delete block.dataset.highlighted;
    again.call(hljs, block);
  });
})();
