;;; relux-ts-mode.el --- Relux with colours from the grammar  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; `relux-mode' whose colours and indentation come from the tree-sitter
;; grammar.  Where Emacs is older than 29, was built without tree-sitter or has
;; no parser for relux, it is `relux-mode' and nothing else.

;;; Code:

(require 'relux-mode)

(declare-function treesit-available-p "treesit.c")
(declare-function treesit-ready-p "treesit")
(declare-function treesit-parser-create "treesit")
(declare-function treesit-major-mode-setup "treesit")
(declare-function treesit-font-lock-rules "treesit")

(defvar treesit-language-source-alist)
(defvar treesit-simple-indent-rules)
(defvar treesit-font-lock-settings)
(defvar treesit-font-lock-feature-list)
(defvar treesit-defun-type-regexp)

(defconst relux-ts--colours
  '(:feature comment
    ((comment) @font-lock-comment-face
     (docstring) @font-lock-doc-face)
    :feature keyword
    (["import" "as" "fn" "pure" "effect" "test" "shell" "cleanup" "let" "start" "expect" "expose"]
     @font-lock-keyword-face
     (marker "#" @font-lock-preprocessor-face)
     (marker_kind) @font-lock-preprocessor-face
     (marker_modifier) @font-lock-keyword-face)
    :feature definition
    ((function name: (identifier) @font-lock-function-name-face)
     (effect name: (identifier) @font-lock-type-face)
     (test_name) @font-lock-function-name-face
     (shell_block name: (identifier) @font-lock-variable-name-face)
     (parameter) @font-lock-variable-name-face
     (let name: (identifier) @font-lock-variable-name-face)
     (expect name: (identifier) @font-lock-constant-face)
     (import_path) @font-lock-constant-face
     (start effect: (identifier) @font-lock-type-face)
     ((import_name name: (identifier) @font-lock-type-face) (:match "^[A-Z]" @font-lock-type-face))
     ((import_name alias: (identifier) @font-lock-type-face) (:match "^[A-Z]" @font-lock-type-face)))
    :feature string
    ((string) @font-lock-string-face
     (literal) @font-lock-string-face
     (regex) @font-lock-string-face)
    :feature value
    ((call function: (identifier) @font-lock-function-name-face)
     (variable) @font-lock-variable-name-face
     (capture) @font-lock-variable-name-face
     (number) @font-lock-constant-face
     (timeout) @font-lock-constant-face
     (overlay_entry key: (identifier) @font-lock-constant-face))
    :feature escape
    ((escape) @font-lock-constant-face
     (escaped_dollar) @font-lock-constant-face
     (variable_interpolation) @font-lock-variable-name-face
     (qualified_interpolation) @font-lock-variable-name-face
     (capture_interpolation) @font-lock-variable-name-face)
    :feature operator
    ([">" "=>" "<?" "<=" "<" "!?" "!=" "!" "?"] @font-lock-builtin-face)
    :feature error
    ((unexpected) @font-lock-warning-face
     (incomplete_operator) @font-lock-warning-face))
  "Patterns for colours by feature.
A test of the grammar compiles them, so they may name only its nodes.")

(defconst relux-ts--indentation
  '((relux
     ((node-is "}") parent-bol 0)
     ((parent-is "^module$") column-0 0)
     ((parent-is "^\\(body\\|import_list\\|overlay\\|multimatch\\)$") parent-bol relux-indent-offset)
     (no-node parent-bol 0)))
  "Indentation: one step inside of braces.")

(defun relux-ts--font-lock-rules ()
  "The colours as Emacs wants them."
  (let (rules (rest relux-ts--colours))
    (while rest
      (setq rules (append rules (list :language 'relux :override t :feature (nth 1 rest) (nth 2 rest))))
      (setq rest (nthcdr 3 rest)))
    (apply #'treesit-font-lock-rules rules)))

(defun relux-ts-available-p ()
  "Whether the grammar can be used."
  (and (fboundp 'treesit-available-p)
       (treesit-available-p)
       ;; What asks for the grammar is not loaded by itself.
       (require 'treesit nil t)
       (treesit-ready-p 'relux t)))

;;;###autoload
(define-derived-mode relux-ts-mode relux-mode "Relux"
  "Major mode for tests in Relux, with the grammar where there is one."
  (when (relux-ts-available-p)
    (treesit-parser-create 'relux)
    (setq-local treesit-font-lock-settings (relux-ts--font-lock-rules))
    (setq-local treesit-font-lock-feature-list
                '((comment definition) (keyword string) (value escape operator error)))
    (setq-local treesit-simple-indent-rules relux-ts--indentation)
    (setq-local treesit-defun-type-regexp "\\`\\(test\\|effect\\|function\\)\\'")
    (treesit-major-mode-setup)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.relux\\'" . relux-ts-mode))

(provide 'relux-ts-mode)
;;; relux-ts-mode.el ends here
