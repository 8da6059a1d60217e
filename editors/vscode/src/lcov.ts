/** Coverage in the format of lcov: per file its lines with how often they were run. */

export function parseLcov(text: string): Map<string, [line: number, hits: number][]> {
    const files = new Map<string, [number, number][]>();
    let lines: [number, number][] | undefined;
    for (const row of text.split(/\r?\n/)) {
        if (row.startsWith('SF:')) {
            lines = files.get(row.slice(3)) ?? [];
            files.set(row.slice(3), lines);
        } else if (row.startsWith('DA:')) {
            const [line, hits] = row.slice(3).split(',').map(Number);
            if (lines && line && hits !== undefined && line > 0 && hits >= 0) lines.push([line, hits]);
        } else if (row === 'end_of_record') {
            lines = undefined;
        }
    }
    return files;
}
