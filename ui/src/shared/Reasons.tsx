import classes from "./Reasons.module.css";

type Reason = { code: string; text: string; weight: number };

/** Reasons for (+) and against (−) something, the weightiest first. */
export function Reasons({ reasons, most = 5 }: { reasons: Reason[]; most?: number }) {
	return (
		<ul className={classes.reasons}>
			{reasons.slice(0, most).map(({ code, text, weight }) => (
				<li key={code + text} data-against={weight < 0 || undefined}>
					<span className={classes.sign} role="img" aria-label={weight < 0 ? "Against:" : "For:"}>
						{weight < 0 ? "−" : "+"}
					</span>
					<span>{text}</span>
				</li>
			))}
		</ul>
	);
}
