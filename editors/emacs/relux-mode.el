;;; relux-mode.el --- Integration tests in Relux  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Colours, indentation and runs of tests for Relux files, and the language
;; server for Eglot.  `relux-ts-mode' takes colours and indentation from the
;; tree-sitter grammar where Emacs (29 or newer) has it.
;;
;; Must not know the language beyond words, operators and braces: errors,
;; completion, definitions and renames come from `relux lsp'.

;;; Code:

(require 'compile)
(require 'subr-x)

(defgroup relux nil
  "Integration tests in Relux."
  :group 'languages)

(defcustom relux-program "relux"
  "The executable that serves the editor and runs the tests."
  :type 'string
  :safe nil)

(defcustom relux-jobs nil
  "How many tests run at once, as `relux run -j' takes it.
Nil leaves it to Relux.toml."
  :type '(choice (const :tag "As Relux.toml says" nil)
                 (integer :tag "Number")
                 (const "num-cpus")
                 (const "all")))

(defcustom relux-indent-offset 4
  "Columns of one step of indentation."
  :type 'integer
  :safe #'integerp)

;;; Syntax

(defvar relux-mode-syntax-table
  (let ((table (make-syntax-table)))
    ;; A quote in a payload closes nothing, so strings are left to font-lock;
    ;; a comment stands on a line of its own.
    (modify-syntax-entry ?\" "." table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?\{ "(}" table)
    (modify-syntax-entry ?\} "){" table)
    (modify-syntax-entry ?\( "()" table)
    (modify-syntax-entry ?\) ")(" table)
    table)
  "Syntax of Relux files.")

(defconst relux--payload
  "^[ \t]*\\(=?>\\|<\\(?:[~@][^ \t?={]*\\)?[?=]\\|![?=]\\|[?=]\\)\\(?:[ \t]+\\(.*\\)\\|$\\)"
  "A statement with a payload: operator and payload.")

(defconst relux--interpolation
  "\\${\\(?:[0-9]+\\|\\(?:[A-Z][A-Za-z0-9_]*\\.\\)?[A-Za-z_][A-Za-z0-9_]*\\)}\\|\\$\\$"
  "A value inside of text.")

(defconst relux-font-lock-keywords
  `(("^[ \t]*\\(//.*\\)$" 1 font-lock-comment-face)
    ("^[ \t]*\\(#[ \t]*\\(?:skip\\|run\\|flaky\\)\\>\\)\\(?:[ \t]+\\(if\\|unless\\)\\>\\)?"
     (1 font-lock-preprocessor-face)
     (2 font-lock-keyword-face nil t))
    (,relux--payload
     (1 font-lock-builtin-face)
     (2 font-lock-string-face nil t))
    (,relux--interpolation 0 font-lock-variable-name-face prepend)
    ("^[ \t]*\\(test\\)\\>[ \t]*\\(\"[^\"\n]*\"?\\)?"
     (1 font-lock-keyword-face)
     (2 font-lock-function-name-face nil t))
    ("^[ \t]*\\(effect\\|start\\)\\>[ \t]*\\([A-Z][A-Za-z0-9_]*\\)?"
     (1 font-lock-keyword-face)
     (2 font-lock-type-face nil t))
    ("^[ \t]*\\(?:\\(pure\\)[ \t]+\\)?\\(fn\\)\\>[ \t]*\\([a-z_][A-Za-z0-9_]*\\)?"
     (1 font-lock-keyword-face nil t)
     (2 font-lock-keyword-face)
     (3 font-lock-function-name-face nil t))
    ("^[ \t]*\\(import\\)\\>[ \t]*\\([^ \t\n{]+\\)?"
     (1 font-lock-keyword-face)
     (2 font-lock-constant-face nil t))
    ("^[ \t]*\\(shell\\)\\>[ \t]*\\([A-Za-z0-9_.]+\\)?"
     (1 font-lock-keyword-face)
     (2 font-lock-variable-name-face nil t))
    ("^[ \t]*\\(let\\)\\>[ \t]*\\([A-Za-z_][A-Za-z0-9_]*\\)?"
     (1 font-lock-keyword-face)
     (2 font-lock-variable-name-face nil t))
    ("^[ \t]*\\(expect\\|expose\\|cleanup\\)\\>" 1 font-lock-keyword-face)
    ("\\_<as\\_>" 0 font-lock-keyword-face)
    ("[~@][0-9][0-9A-Za-z]*" 0 font-lock-constant-face)
    ("\\$[0-9]+" 0 font-lock-variable-name-face)
    ("\"\\(?:[^\"\\\n]\\|\\\\.\\)*\"" 0 font-lock-string-face)
    ("\\_<\\([a-z_][a-z0-9_]*\\)(" 1 font-lock-function-name-face))
  "Colours where there is no grammar.")

;;; Indentation

(defun relux--opens-p ()
  "Whether the line at point ends with a brace of Relux.
The brace in `> main() {' is the shell's."
  (save-excursion
    (beginning-of-line)
    (and (not (looking-at relux--payload))
         (not (looking-at "[ \t]*//"))
         (looking-at ".*{[ \t]*$"))))

(defun relux-indentation ()
  "Columns that the line at point is to be indented by."
  (save-excursion
    (beginning-of-line)
    (let ((closes (looking-at "[ \t]*}")))
      (if (not (re-search-backward "^[ \t]*[^ \t\n]" nil t))
          0
        (max 0 (+ (current-indentation)
                  (if (relux--opens-p) relux-indent-offset 0)
                  (if closes (- relux-indent-offset) 0)))))))

(defun relux-indent-line ()
  "Indent the line at point by the blocks around it."
  (interactive)
  (let ((column (relux-indentation)))
    (if (<= (current-column) (current-indentation))
        (indent-line-to column)
      (save-excursion (indent-line-to column)))))

;;; Runs

(defvar relux-compilation-error-regexp
  '(relux "^ *--> \\([^ \t\n:]+\\):\\([0-9]+\\):\\([0-9]+\\)" 1 2 3)
  "Places in what `relux run' and `relux check' print.")

(defvar relux--last nil
  "Directory and arguments of the last run.")

(define-compilation-mode relux-run-mode "Relux"
  "Output of a test run; failures are places to visit."
  (setq-local compilation-error-regexp-alist-alist (list relux-compilation-error-regexp))
  (setq-local compilation-error-regexp-alist '(relux)))

(defun relux-root ()
  "Directory of the suite, or of the file where there is no suite."
  (expand-file-name (or (locate-dominating-file default-directory "Relux.toml")
                        default-directory)))

(defun relux--start (directory arguments)
  "Run `relux' with ARGUMENTS in DIRECTORY, after asking about unsaved buffers."
  (setq relux--last (cons directory arguments))
  (let ((default-directory directory)
        ;; On a terminal it would draw its progress.
        (process-connection-type nil)
        (jobs (and relux-jobs (list "-j" (format "%s" relux-jobs)))))
    (compilation-start
     (mapconcat #'shell-quote-argument
                (append (list relux-program "run" "--color" "never") jobs arguments)
                " ")
     #'relux-run-mode)))

(defun relux-test-at-point ()
  "Name of the test at or above point, or nil."
  (save-excursion
    (end-of-line)
    (and (re-search-backward "^[ \t]*test[ \t]+\"\\([^\"\n]*\\)\"" nil t)
         (match-string-no-properties 1))))

(defun relux--file-arguments ()
  "Arguments that select the tests of this file."
  (unless buffer-file-name
    (user-error "This buffer has no file"))
  (save-some-buffers (not compilation-ask-about-save)
                     (lambda () (derived-mode-p 'relux-mode)))
  (list "-f" (file-relative-name buffer-file-name (relux-root))))

(defun relux-run-test ()
  "Run the test at or above point."
  (interactive)
  (let ((name (or (relux-test-at-point)
                  (user-error "There is no test at or above point"))))
    (relux--start (relux-root) (append (relux--file-arguments) (list (concat "--test=" name))))))

(defun relux-run-file ()
  "Run all tests of this file."
  (interactive)
  (relux--start (relux-root) (relux--file-arguments)))

(defun relux-run-all ()
  "Run all tests of the suite."
  (interactive)
  (relux--file-arguments)
  (relux--start (relux-root) nil))

(defun relux-run-last ()
  "Run again what was run last."
  (interactive)
  (unless relux--last
    (user-error "Nothing was run yet"))
  (relux--start (car relux--last) (cdr relux--last)))

(defun relux-graph (&optional name)
  "Show what starts what: in the suite, or from the test or effect NAME on."
  (interactive "sTest or effect (empty for all): ")
  (let ((default-directory (relux-root)))
    (compilation-start
     (mapconcat #'shell-quote-argument
                (append (list relux-program "graph" "--color" "never")
                        (and name (not (string-empty-p name)) (list "--" name)))
                " ")
     #'relux-graph-mode)))

(declare-function flymake-diagnostics "flymake")
(declare-function flymake-diagnostic-data "flymake")

(defun relux--codes-at-point ()
  "The codes of the findings at point."
  (delq nil
        (mapcar (lambda (finding)
                  (let ((told (alist-get 'eglot-lsp-diag (flymake-diagnostic-data finding))))
                    (and told (plist-get told :code))))
                (and (bound-and-true-p flymake-mode)
                     (flymake-diagnostics (line-beginning-position) (line-end-position))))))

(defun relux-explain (code)
  "Show what the finding with CODE means; at a finding, that one is proposed."
  (interactive
   (let ((codes (relux--codes-at-point)))
     (list (read-string (if codes (format "Explain (default %s): " (car codes)) "Explain the finding: ")
                        nil nil (car codes)))))
  (let ((program relux-program))
    (with-help-window (help-buffer)
      (with-current-buffer standard-output
        (call-process program nil t nil "explain" "--color" "never" "--" code)))))

(define-compilation-mode relux-graph-mode "Relux-Graph"
  "The effect graph; places at the ends of lines can be visited."
  (setq-local compilation-error-regexp-alist-alist
              '((relux "  \\([^ \t\n:]+\\.relux\\):\\([0-9]+\\)$" 1 2)))
  (setq-local compilation-error-regexp-alist '(relux)))

;;; Modes

(defvar relux-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-t") #'relux-run-test)
    (define-key map (kbd "C-c C-f") #'relux-run-file)
    (define-key map (kbd "C-c C-a") #'relux-run-all)
    (define-key map (kbd "C-c C-l") #'relux-run-last)
    (define-key map (kbd "C-c C-g") #'relux-graph)
    (define-key map (kbd "C-c C-e") #'relux-explain)
    map)
  "Keys of Relux buffers.")

(defconst relux--imenu
  '(("Tests" "^[ \t]*test[ \t]+\"\\([^\"\n]*\\)\"" 1)
    ("Effects" "^[ \t]*effect[ \t]+\\([A-Za-z0-9_]+\\)" 1)
    ("Functions" "^[ \t]*\\(?:pure[ \t]+\\)?fn[ \t]+\\([A-Za-z0-9_]+\\)" 1))
  "Items for `imenu'.")

;;;###autoload
(define-derived-mode relux-mode prog-mode "Relux"
  "Major mode for tests in Relux."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "//+[ \t]*")
  (setq-local comment-end "")
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width relux-indent-offset)
  (setq-local indent-line-function #'relux-indent-line)
  (setq-local electric-indent-chars (append "}" electric-indent-chars))
  (setq-local font-lock-defaults '(relux-font-lock-keywords t))
  (setq-local imenu-generic-expression relux--imenu)
  ;; Blanks at the end of a line belong to what is sent and matched.
  (setq-local delete-trailing-lines nil)
  (setq-local require-final-newline t))

;;; Eglot

(defvar eglot-server-programs)

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '(relux-mode . (lambda (&rest _) (list relux-program "lsp")))))

;; The nearest Relux.toml is the project that Eglot starts a server for.
(defun relux-project (directory)
  "The suite around DIRECTORY as a project."
  (let ((root (locate-dominating-file directory "Relux.toml")))
    (and root (list 'relux root))))

(declare-function project-root "project")

(with-eval-after-load 'project
  (cl-defmethod project-root ((project (head relux)))
    "Directory of the suite PROJECT."
    (cadr project)))

(defun relux--in-its-suite ()
  "Let the suite of this buffer be its project."
  (add-hook 'project-find-functions #'relux-project nil t))

(add-hook 'relux-mode-hook #'relux--in-its-suite)

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.relux\\'" . relux-mode))

(eval-when-compile (require 'cl-lib))

(provide 'relux-mode)
;;; relux-mode.el ends here
