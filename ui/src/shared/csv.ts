export type Value = string | number;

/** Rows as RFC 4180 text that spreadsheets read as text and numbers, never as formulas. */
export function csv(rows: Value[][]): string {
	return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value: Value): string {
	if (typeof value === "number") return String(value);
	const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands the browser a file that was made here. The mark at its start tells Excel that it is UTF-8. */
export function saveCsv(name: string, rows: Value[][]): void {
	const url = URL.createObjectURL(new Blob(["\uFEFF", csv(rows)], { type: "text/csv;charset=utf-8" }));
	const link = document.createElement("a");
	link.href = url;
	link.download = `${name}.csv`;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), 1000);
}
