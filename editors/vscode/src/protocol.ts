/** What the server's commands take and answer, beyond the language server protocol. */

/** What `lawbook.run`, `.explain`, `.whyNot`, `.test` and `.debugRule` take. */
export interface Question {
    uri: string;
    /** A control, a test or a relation. */
    name: string;
    /** A member of the control's population. */
    subject?: string;
}

/** What they answer. */
export interface Explanation {
    title: string;
    /** Markdown, with places as `path:line:column`. */
    text: string;
    /** The read-only file that holds the text too. */
    uri?: string | null;
}

export function isExplanation(value: unknown): value is Explanation {
    const candidate = value as Explanation | null | undefined;
    return typeof candidate === 'object' && typeof candidate?.title === 'string' && typeof candidate.text === 'string';
}

/** A place in a text: `app/main.py:12:5`, `policies/a.law:3`. */
export const PLACE = /(?<![\w/.:-])((?:[\w@.+-]+\/)*[\w@+-][\w@.+-]*\.\w+):(\d+)(?::(\d+))?/g;
