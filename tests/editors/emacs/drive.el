;;; drive.el --- Relux in a real Emacs  -*- lexical-binding: t; -*-

;; Run as `emacs --batch -l drive.el' with RELUX_BIN, RELUX_SUITE (scratch copy
;; of examples/tasks) and RELUX_CONFIG (editors/emacs).
;; The modes are loaded the way their README tells users to.

;;; Code:

(require 'ert)
(require 'subr-x)
(setq package-native-compile nil
      native-comp-deferred-compilation nil)
(package-initialize)

(add-to-list 'load-path (getenv "RELUX_CONFIG"))
(require 'relux-ts-mode)
(require 'eglot)
(setq relux-program (getenv "RELUX_BIN"))

(defconst drive-suite (file-name-as-directory (getenv "RELUX_SUITE")))
(defconst drive-timeout 120 "Seconds until something has surely come; a bound, not an expectation.")

(defun drive-until (holds)
  "Wait until HOLDS returns non-nil, and return that."
  (let ((deadline (time-add nil drive-timeout)) found)
    (while (and (not (setq found (funcall holds)))
                (time-less-p nil deadline))
      (accept-process-output nil 0.05))
    found))

(defmacro drive-in (file &rest body)
  "Visit FILE of the suite, run BODY there, and forget the buffer."
  (declare (indent 1))
  `(let ((buffer (find-file-noselect (expand-file-name ,file drive-suite))))
     (unwind-protect
         (with-current-buffer buffer ,@body)
       (with-current-buffer buffer (set-buffer-modified-p nil))
       (kill-buffer buffer))))

(defun drive-face (text &optional offset)
  "Face of the first occurrence of TEXT, at OFFSET in it."
  (font-lock-ensure)
  (goto-char (point-min))
  (search-forward text)
  (let ((face (get-text-property (+ (match-beginning 0) (or offset 0)) 'face)))
    (if (consp face) (car face) face)))

;;; Without the server

(ert-deftest relux-files-have-the-mode ()
  (drive-in "relux/tests/tasks/smoke.relux"
    (should (derived-mode-p 'relux-mode))
    (should (eq major-mode 'relux-ts-mode))
    (should (equal comment-start "// "))
    (should-not indent-tabs-mode)))

(ert-deftest relux-colours-need-no-grammar ()
  (skip-unless (not (relux-ts-available-p)))
  (with-temp-buffer
    (insert "import api/http { request_as }\n// a comment\ntest \"a name\" ~5s {\n    start Db { PORT = p }\n"
            "    shell s {\n        > echo \"${x}\" test\n        <? ^test$\n    }\n}\n")
    (relux-mode)
    (should (eq (drive-face "import") 'font-lock-keyword-face))
    (should (eq (drive-face "api/http") 'font-lock-constant-face))
    (should-not (drive-face "request_as" 8))
    (should (eq (drive-face "// a") 'font-lock-comment-face))
    (should (eq (drive-face "\"a name\"" 2) 'font-lock-function-name-face))
    (should (eq (drive-face "~5s") 'font-lock-constant-face))
    (should (eq (drive-face "Db") 'font-lock-type-face))
    (should (eq (drive-face "> echo") 'font-lock-builtin-face))
    (should (eq (drive-face "echo") 'font-lock-string-face))
    (should (eq (drive-face "${x}") 'font-lock-variable-name-face))
    ;; A payload is no code.
    (should (eq (drive-face "^test$" 1) 'font-lock-string-face))))

;; `run.sh' has put the grammar where Emacs looks for it.
(ert-deftest relux-the-grammar-is-used-where-it-can-be ()
  (skip-unless (and (fboundp 'treesit-available-p) (treesit-available-p)))
  (should (relux-ts-available-p)))

(ert-deftest relux-colours-come-from-the-grammar ()
  (skip-unless (relux-ts-available-p))
  (with-temp-buffer
    (insert "import api/http { request_as, Db }\n// a comment\n# flaky\ntest \"a name\" ~5s {\n    let port = 1\n"
            "    start Db { PORT = port }\n    shell s {\n        > echo \"${port}\" test $$HOME\n"
            "        <? ^(test)$\n        wait(x)\n    }\n}\n")
    (relux-ts-mode)
    (should (eq (drive-face "import") 'font-lock-keyword-face))
    (should (eq (drive-face "api/http") 'font-lock-constant-face))
    (should-not (drive-face "request_as" 8))
    (should (eq (drive-face "// a") 'font-lock-comment-face))
    (should (eq (drive-face "# flaky") 'font-lock-preprocessor-face))
    (should (eq (drive-face "\"a name\"" 2) 'font-lock-function-name-face))
    (should (eq (drive-face "~5s") 'font-lock-constant-face))
    (should (eq (drive-face "port =") 'font-lock-variable-name-face))
    (should (eq (drive-face ", Db" 2) 'font-lock-type-face))
    (should (eq (drive-face "start Db" 6) 'font-lock-type-face))
    (should (eq (drive-face "{ PORT" 2) 'font-lock-constant-face))
    (should (eq (drive-face "> echo") 'font-lock-builtin-face))
    (should (eq (drive-face "echo") 'font-lock-string-face))
    (should (eq (drive-face "${port}") 'font-lock-variable-name-face))
    (should (eq (drive-face "$$HOME") 'font-lock-constant-face))
    (should (eq (drive-face "wait(") 'font-lock-function-name-face))
    ;; A payload is no code.
    (should (eq (drive-face "^(test)$" 2) 'font-lock-string-face))))

(ert-deftest relux-the-grammar-indents-what-is-typed ()
  (skip-unless (relux-ts-available-p))
  (with-temp-buffer
    (insert "test \"a\" {\nshell s {\n> main() {\n<? x\n}\n}\n")
    (relux-ts-mode)
    (let ((inhibit-message t))
      (indent-region (point-min) (point-max)))
    (should (equal (buffer-string)
                   "test \"a\" {\n    shell s {\n        > main() {\n        <? x\n    }\n}\n"))
    (goto-char (point-min))
    (search-forward "<? x")
    (end-of-line)
    (newline-and-indent)
    (should (equal (current-column) 8))))

(ert-deftest relux-indentation-stays-in-every-file ()
  (dolist (file (directory-files-recursively (expand-file-name "relux" drive-suite) "\\.relux\\'"))
    (unless (string-match-p "/out/" file)
      (drive-in file
        (let ((before (buffer-string)))
          (indent-region (point-min) (point-max))
          (should (equal before (buffer-string))))))))

(ert-deftest relux-indentation-knows-payloads ()
  (with-temp-buffer
    (insert "test \"a\" {\nshell s {\n> main() {\n<? x\n}\n}\n")
    (relux-mode)
    (let ((inhibit-message t))
      (indent-region (point-min) (point-max)))
    (should (equal (buffer-string)
                   "test \"a\" {\n    shell s {\n        > main() {\n        <? x\n    }\n}\n"))))

(ert-deftest relux-items-are-in-the-menu ()
  (drive-in "relux/lib/service/tasks.relux"
    (let ((index (imenu--make-index-alist t)))
      (should (assoc "Tasks" (assoc "Effects" index)))
      (should (assoc "create" (assoc "Functions" index))))))

;;; Runs

(defconst drive-tests
  "test \"says hello\" {\n    shell a {\n        > echo hello\n        <~5s? ^hello$\n    }\n}\n
test \"waits in vain\" {\n    shell a {\n        > echo hello\n        <~1s? ^never-said$\n    }\n}\n")

(defun drive-run (command)
  "Call COMMAND and return the buffer of its run when it is over."
  (let* ((buffer (funcall command))
         (process (get-buffer-process buffer)))
    (should (drive-until (lambda () (not (process-live-p process)))))
    ;; The sentinel writes the last line.
    (should (drive-until (lambda ()
                           (with-current-buffer buffer
                             (save-excursion
                               (goto-char (point-min))
                               (re-search-forward "^Relux \\(finished\\|exited\\)" nil t))))))
    buffer))

(defmacro drive-with-tests (&rest body)
  "Run BODY in a file with a passing and a failing test."
  `(let ((path (expand-file-name "relux/tests/emacs.relux" drive-suite))
         (inhibit-message t))
     (write-region drive-tests nil path nil 'silent)
     (unwind-protect (drive-in path ,@body)
       (delete-file path))))

(ert-deftest relux-run-test-runs-the-one-at-point ()
  (drive-with-tests
   (goto-char (point-min))
   (forward-line 2)
   (should (equal (relux-test-at-point) "says hello"))
   (with-current-buffer (drive-run #'relux-run-test)
     (should (string-match-p "1 passed" (buffer-string)))
     (should-not (string-match-p "waits in vain" (buffer-string))))))

(ert-deftest relux-a-failure-can-be-visited ()
  (drive-with-tests
   (goto-char (point-min))
   (let ((run (drive-run #'relux-run-file)) (next-error-highlight nil))
     (with-current-buffer run
       (should (string-match-p "1 passed; 1 failed" (buffer-string)))
       (compilation--ensure-parse (point-max)))
     (let ((next-error-last-buffer run))
       (next-error 1 t))
     (with-current-buffer (find-buffer-visiting path)
       (should (looking-at "<~1s\\?"))))
   (with-current-buffer (drive-run #'relux-run-last)
     (should (string-match-p "1 passed; 1 failed" (buffer-string))))))

(ert-deftest relux-the-graph-is-shown ()
  (drive-in "relux/tests/tasks/smoke.relux"
    (let* ((inhibit-message t)
           (buffer (relux-graph "TasksWithBacklog")))
      (should (drive-until (lambda ()
                             (with-current-buffer buffer
                               (string-match-p "^effect Auth " (buffer-string)))))))))

;; Nobody answers questions here, so the code is given.
(ert-deftest relux-a-finding-is-explained ()
  (drive-in "relux/tests/tasks/smoke.relux"
    (let ((inhibit-message t))
      (relux-explain "missing-expect"))
    (with-current-buffer (help-buffer)
      (should (string-match-p "missing-expect" (buffer-string)))
      (should (string-match-p "expect STORE_PORT\\|overlay" (buffer-string))))))

;;; With the server

(defmacro drive-with-server (file &rest body)
  "Run BODY in FILE of the suite with Eglot."
  (declare (indent 1))
  `(drive-in ,file
     (let ((inhibit-message t) (eglot-sync-connect t) (eglot-autoshutdown t))
       (call-interactively #'eglot)
       (should (drive-until #'eglot-managed-p))
       (unwind-protect (progn ,@body)
         (eglot-shutdown (eglot-current-server))))))

(ert-deftest relux-eglot-serves-the-suite ()
  (drive-with-server "relux/tests/tasks/smoke.relux"
    (should (equal (expand-file-name (project-root (project-current))) drive-suite))
    ;; A mistake is marked while it is typed.
    (should (drive-until (lambda () (and flymake-mode t))))
    (goto-char (point-min))
    (search-forward "test \"")
    (replace-match "tset \"")
    ;; Batch Emacs is never idle, which is when changes are sent.
    (eglot--signal-textDocument/didChange)
    (should (drive-until (lambda ()
                           (flymake-start)
                           (seq-some (lambda (it) (string-match-p "unknown-word\\|tset\\|test" (flymake-diagnostic-text it)))
                                     (flymake-diagnostics)))))
    (should (equal (relux--codes-at-point) '("unknown-word")))
    (undo-boundary)
    (goto-char (point-min))
    (search-forward "tset \"")
    (replace-match "test \"")
    (eglot--signal-textDocument/didChange)
    (should (drive-until (lambda () (flymake-start) (null (flymake-diagnostics)))))
    ;; Hover.
    (goto-char (point-min))
    (search-forward "start Tasks")
    (backward-char)
    (let ((hover (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                                  (eglot--TextDocumentPositionParams))))
      (should (string-match-p "STORE_PORT" (format "%s" hover)))
      ;; Without a package for Markdown, its marks would be shown.
      (should-not (string-match-p "```" (format "%s" hover))))
    ;; Definition.
    (let ((found (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
      (should (string-match-p "lib/service/tasks\\.relux" (format "%S" (car found)))))))

(ert-deftest relux-eglot-renames-across-files ()
  ;; Eglot asks before it changes a file that nobody has open.
  (dolist (file '("relux/lib/service/tasks.relux" "relux/tests/tasks/errors.relux"))
    (find-file-noselect (expand-file-name file drive-suite)))
  (drive-with-server "relux/tests/tasks/smoke.relux"
    (goto-char (point-min))
    (search-forward "start Tasks")
    (backward-char)
    (eglot-rename "Board")
    (should (string-match-p "start Board {" (buffer-string)))
    (let ((other (find-buffer-visiting (expand-file-name "relux/lib/service/tasks.relux" drive-suite))))
      (should other)
      (with-current-buffer other
        (should (string-match-p "effect Board {" (buffer-string)))
        (set-buffer-modified-p nil)
        (kill-buffer other)))))

(ert-deftest relux-eglot-formats ()
  (let ((path (expand-file-name "relux/tests/format.relux" drive-suite)))
    (write-region "test \"a\" {\n  shell  x {\n> true  \n  }\n}\n" nil path nil 'silent)
    (unwind-protect
        (drive-with-server path
          (eglot-format-buffer)
          (should (equal (buffer-string) "test \"a\" {\n    shell x {\n        > true  \n    }\n}\n")))
      (delete-file path))))

(ert-run-tests-batch-and-exit (let ((only (getenv "RELUX_ONLY"))) (if only (list 'member (intern only)) t)))
;;; drive.el ends here
