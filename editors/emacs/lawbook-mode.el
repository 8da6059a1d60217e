;;; lawbook-mode.el --- Major mode for Lawbook's policies  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Colours, comments and indentation for `.law' files, and the language server through Eglot (part of Emacs 29, a
;; package before).  Explanations open as read-only files that the server writes.

;;; Code:

(defgroup lawbook nil
  "Policies of Lawbook."
  :group 'languages)

(defcustom lawbook-server-command '("lawbook" "lsp")
  "The program that is the language server, with its arguments."
  :type '(repeat string))

(defcustom lawbook-indent-offset 4
  "How much deeper the inside of a block or body stands."
  :type 'natnum)

(defvar lawbook-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?_ "w" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?' "." table)
    (dolist (sign '(?= ?< ?> ?+ ?- ?* ?. ?: ?, ??))
      (modify-syntax-entry sign "." table))
    table))

(defconst lawbook--name "[A-Za-z_][A-Za-z0-9_]*")

(defconst lawbook--font-lock-keywords
  `((,(rx line-start (* blank) (group (or "use" "entity" "open" "rel" "param" "framework" "input" "control" "test"))
          (+ blank) (or word "\""))
     1 font-lock-keyword-face)
    (,(rx line-start (* blank) (? "open" (+ blank)) (or "rel" "input") (+ blank) (group (+ (any alnum "_"))))
     1 font-lock-function-name-face)
    (,(rx line-start (* blank) "control" (+ blank) (group (+ (any alnum "_.-")))) 1 font-lock-type-face)
    (,(rx line-start (* blank) "entity" (+ blank) (group (+ (any alnum "_")))) 1 font-lock-type-face)
    (,(rx line-start (* blank) (or "severity" "maps" "remedy" "owner" "tags" "docs" "needs") (* blank) ":")
     . font-lock-variable-name-face)
    (,(rx word-start (or "given" "expect" "as_of" "from" "where" "each" "matches" "not" "or" "in" "as" "else"
                         "contains" "starts_with" "ends_with" "like" "violation" "scope" "note") word-end)
     . font-lock-keyword-face)
    (,(rx word-start (or "true" "false" "none" "pass" "fail" "waived" "not_applicable" "no_evidence" "error") word-end)
     . font-lock-constant-face)
    (,(rx word-start (or "string" "int" "float" "bool" "time" "duration") word-end) . font-lock-type-face)
    (,(concat "\\(" lawbook--name "\\(?:\\." lawbook--name "\\)*\\)[({]") 1 font-lock-function-name-face)
    (,(concat "\\_<\\(" lawbook--name "\\)[ \t]*:\\(?:[^-=]\\|$\\)") 1 font-lock-variable-name-face)
    (,(rx word-start digit (* (any alnum "_:.-"))) . font-lock-constant-face)
    (":-" . font-lock-keyword-face)))

(defun lawbook--blocks (start end)
  "Mark the raw blocks between START and END as strings."
  (goto-char start)
  (while (re-search-forward "\"\"\"+" end t)
    (let ((begin (match-beginning 0))
          (quotes (match-string 0)))
      (when (search-forward quotes nil t)
        (put-text-property begin (1+ begin) 'syntax-table (string-to-syntax "|"))
        (put-text-property (1- (point)) (point) 'syntax-table (string-to-syntax "|"))
        ;; What stands between is no string of its own.
        (put-text-property (1+ begin) (1- (point)) 'syntax-table (string-to-syntax "."))))))

(defun lawbook-indent-line ()
  "Indent by brackets, and by `:-' for bodies."
  (interactive)
  (let* ((depth 0)
         (target
          (save-excursion
            (back-to-indentation)
            (let ((state (syntax-ppss)))
              (if (or (nth 3 state) (nth 4 state))
                  nil
                (let ((open (nth 1 state))
                      (closes (looking-at "[])}]")))
                  (when open
                    (setq depth (save-excursion (goto-char open)
                                                (+ (current-indentation) (if closes 0 lawbook-indent-offset)))))
                  (unless closes
                    (when (lawbook--in-body-p open)
                      (setq depth (+ depth lawbook-indent-offset))))
                  depth))))))
    (when target
      (if (<= (current-column) (current-indentation))
          (indent-line-to target)
        (save-excursion (indent-line-to target))))))

(defun lawbook--in-body-p (open)
  "Whether the line before goes on in this one, by `:-' or a comma in OPEN."
  (save-excursion
    (forward-line 0)
    (forward-comment (- (point-max)))
    (or (looking-back ":-" (line-beginning-position))
        (and (eq (char-before) ?,)
             (eq open (nth 1 (syntax-ppss)))
             (or (null open) (save-excursion (goto-char open) (looking-back "[^ \t\n].*" (line-beginning-position))))
             (not (save-excursion (back-to-indentation) (looking-at "[a-z]+ *:[^-]")))))))

;;;###autoload
(define-derived-mode lawbook-mode prog-mode "Lawbook"
  "Major mode for policies of Lawbook."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "//+!? *")
  (setq-local comment-end "")
  (setq-local indent-tabs-mode nil)
  (setq-local indent-line-function #'lawbook-indent-line)
  (setq-local electric-indent-chars (append '(?} ?\) ?\]) electric-indent-chars))
  (setq-local syntax-propertize-function #'lawbook--blocks)
  (setq-local font-lock-defaults '(lawbook--font-lock-keywords))
  (setq-local imenu-generic-expression
              '(("Controls" "^control +\\([A-Za-z0-9_.-]+\\)" 1)
                ("Relations" "^\\(?:open +\\)?\\(?:rel\\|input\\) +\\([A-Za-z0-9_]+\\)" 1)
                ("Tests" "^test +\"\\([^\"]*\\)\"" 1))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.law\\'" . lawbook-mode))

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               (cons 'lawbook-mode (lambda (&rest _) lawbook-server-command))))

;; Explanations: the server writes a read-only file and answers with its name.

(declare-function eglot-current-server "eglot")
(declare-function jsonrpc-request "jsonrpc")

(defun lawbook--question (server command)
  "What the nearest lens of SERVER at or above point asks by COMMAND."
  (let* ((uri (concat "file://" (expand-file-name (buffer-file-name))))
         (lenses (jsonrpc-request server :textDocument/codeLens (list :textDocument (list :uri uri))))
         (row (1- (line-number-at-pos)))
         (best -1)
         (found nil))
    (seq-doseq (lens lenses)
      (let ((line (plist-get (plist-get (plist-get lens :range) :start) :line))
            (asks (plist-get lens :command)))
        (when (and (equal (plist-get asks :command) command) (<= best line row))
          (setq best line
                found (aref (plist-get asks :arguments) 0)))))
    (or found (user-error "Nothing at point can be asked that"))))

(defun lawbook--ask (command)
  "Ask the server by COMMAND about what is at point, and show its answer."
  (let* ((server (or (eglot-current-server)
                     (user-error "No language server runs here: M-x eglot")))
         (question (lawbook--question server command))
         (answer (jsonrpc-request server :workspace/executeCommand
                                  (list :command command :arguments (vector question)))))
    (with-current-buffer (get-buffer-create (format "*%s*" (plist-get answer :title)))
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert (plist-get answer :text))
        (goto-char (point-min))
        (special-mode))
      (display-buffer (current-buffer)))))

(defun lawbook-explain ()
  "Explain a finding of the control at point."
  (interactive)
  (lawbook--ask "lawbook.explain"))

(defun lawbook-why-not ()
  "Say why a member of the control at point passes."
  (interactive)
  (lawbook--ask "lawbook.whyNot"))

(defun lawbook-debug-rule ()
  "Show where the rule at point loses its rows."
  (interactive)
  (lawbook--ask "lawbook.debugRule"))

(defun lawbook-run-control ()
  "Run the control at point."
  (interactive)
  (lawbook--ask "lawbook.run"))

(provide 'lawbook-mode)
;;; lawbook-mode.el ends here
