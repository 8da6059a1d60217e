;;; test.el --- Tests of lawbook-mode  -*- lexical-binding: t; -*-

;;; Code:

(require 'ert)
(require 'lawbook-mode)

(defmacro lawbook-test--with (text &rest body)
  "Do BODY in a buffer of the mode that holds TEXT."
  (declare (indent 1))
  `(with-temp-buffer
     (insert ,text)
     (lawbook-mode)
     (font-lock-ensure)
     (goto-char (point-min))
     ,@body))

(defun lawbook-test--face (text)
  "The face of the first occurrence of TEXT."
  (goto-char (point-min))
  (search-forward text)
  (get-text-property (match-beginning 0) 'face))

(ert-deftest lawbook-colours ()
  (lawbook-test--with "/// Doc.\ncontrol A-1.2 \"Title\" {\n    severity: high\n    scope(v) :- a.b{x: v}.\n}\n"
    (should (eq (lawbook-test--face "control") 'font-lock-keyword-face))
    (should (eq (lawbook-test--face "A-1.2") 'font-lock-type-face))
    (should (eq (lawbook-test--face "Title") 'font-lock-string-face))
    (should (eq (lawbook-test--face "severity") 'font-lock-variable-name-face))
    (should (eq (lawbook-test--face "a.b") 'font-lock-function-name-face))
    (should (memq (lawbook-test--face "Doc") '(font-lock-comment-face font-lock-doc-face)))))

(ert-deftest lawbook-blocks-are-strings ()
  (lawbook-test--with "test \"t\" {\n    given file \"a.py\" = \"\"\"\n        x = \"y\n        \"\"\"\n    expect p(1)\n}\n"
    (should (eq (lawbook-test--face "x = ") 'font-lock-string-face))
    (should (eq (lawbook-test--face "expect") 'font-lock-keyword-face))))

(ert-deftest lawbook-indents-as-it-is-laid-out ()
  (let ((text "control A \"a\" {\n    scope(v) :-\n        first(v),\n        second(v).\n}\n\np(x) :-\n    q(x).\n"))
    (lawbook-test--with (replace-regexp-in-string "^ +" "" text)
      (let ((inhibit-message t))
        (indent-region (point-min) (point-max)))
      (should (equal (buffer-string) text)))))

(ert-deftest lawbook-files-are-recognized ()
  (should (eq (cdr (assoc "\\.law\\'" auto-mode-alist)) 'lawbook-mode)))

(provide 'test)
;;; test.el ends here
