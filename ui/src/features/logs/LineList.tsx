import type { LogRecordOut } from "@/api/generated/types.gen";
import classes from "./Logs.module.css";

const DAY = 86_400_000;
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dated = new Intl.DateTimeFormat("en-GB", {
	day: "2-digit",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
	second: "2-digit",
});

type Props = { lines: LogRecordOut[]; open: string | undefined; onOpen: (id: string) => void };

/** One line each: time, level, words and facts. */
export function LineList({ lines, open, onOpen }: Props) {
	const oldest = lines.at(-1);
	const old = oldest !== undefined && Date.now() - new Date(oldest.at).getTime() > DAY;
	return (
		<ol className={classes.list} aria-label="Log lines">
			{lines.map((line) => (
				<li key={line.id} className={classes.item}>
					<button
						type="button"
						className={classes.line}
						data-row={line.id}
						data-open={line.id === open || undefined}
						aria-current={line.id === open || undefined}
						onClick={() => onOpen(line.id)}
					>
						<time dateTime={line.at}>{clock(line.at, old)}</time>
						<span className={classes.level} data-level={line.level}>
							{line.level}
						</span>
						<span className={classes.said}>
							{line.text}
							<Facts line={line} />
						</span>
					</button>
				</li>
			))}
		</ol>
	);
}

function Facts({ line }: { line: LogRecordOut }) {
	const facts = Object.entries(line.facts).filter(([, value]) => value !== null);
	return (
		<span>
			{facts.map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)}
			{line.has_traceback && " ⤷ traceback"}
		</span>
	);
}

/** 14:05:09.123, with the day when the list goes back for longer than one. */
function clock(at: string, withDay: boolean): string {
	const date = new Date(at);
	return `${(withDay ? dated : time).format(date)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
