/**
 * An explanation as a page, with each place in it as a link. Nothing is loaded from anywhere, and only the one script with
 * the nonce runs.
 */

import { PLACE } from './protocol';

export function page(title: string, body: string, nonce: string): string {
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>${escape(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
${linked(body)}
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>`;
}

/** Makes places in the text between the tags links. */
export function linked(html: string): string {
    return html.replace(/(<[^>]*>)|([^<]+)/g, (_all, tag: string | undefined, text: string | undefined) =>
        tag ??
        (text ?? '').replace(
            PLACE,
            (shown, path: string, line: string, column: string | undefined) =>
                `<a href="#" data-path="${path}" data-line="${line}" data-column="${column ?? '1'}">${shown}</a>`,
        ),
    );
}

/** Everything that comes from files is text. */
export function escape(text: string): string {
    return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
body { font-family: var(--vscode-font-family); color: var(--vscode-foreground); padding: 0 1em 2em; line-height: 1.5; }
h1 { font-size: 1.2em; } h2 { font-size: 1.05em; }
code, pre { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); background: none; color: inherit; }
pre { white-space: pre-wrap; }
table { border-collapse: collapse; } td, th { padding: 0.2em 0.8em 0.2em 0; text-align: left; border-bottom: 1px solid var(--vscode-widget-border, #8884); }
a { color: var(--vscode-textLink-foreground); text-decoration: none; }
a:hover, a:focus { color: var(--vscode-textLink-activeForeground); text-decoration: underline; }
`;

const SCRIPT = `
const editor = acquireVsCodeApi();
document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-path]');
    if (!link) return;
    event.preventDefault();
    const { path, line, column } = link.dataset;
    editor.postMessage({ path, line: Number(line), column: Number(column) });
});
`;
