import { Badge, Tooltip } from "@mantine/core";
import {
	CircleAlert,
	CircleCheck,
	CircleDashed,
	CirclePause,
	type LucideIcon,
	TrendingUp,
	TriangleAlert,
} from "lucide-react";
import type { AdOut, SaidOut } from "@/api/generated/types.gen";
import { amount, causeText, quietText, sure, UNJUDGED } from "./adNumbers";

const LOOKS: Record<SaidOut["severity"], { icon: LucideIcon; color: string }> = {
	critical: { icon: CircleAlert, color: "red" },
	warning: { icon: TriangleAlert, color: "orange" },
	chance: { icon: TrendingUp, color: "teal" },
};

/** What is said of an ad in short. The icon and the words say it; the colour only repeats. */
export function Health({
	ad,
	most = 2,
}: {
	ad: Pick<
		AdOut,
		"health" | "said" | "more_spend" | "currency" | "lacks" | "delivery" | "last_shown_on" | "known_until"
	> & {
		/** In which money that is, where it is not the account's own. */
		verdict_currency?: string;
	};
	most?: number;
}) {
	const quiet = ad.delivery !== "recent" && (
		<Badge variant="default" leftSection={<CirclePause size={12} aria-hidden />}>
			{quietText(ad)}
		</Badge>
	);
	// Of one of which nothing is known any more, what was said of it last is still shown.
	if (quiet && (ad.delivery !== "unknown" || ad.health === null)) return quiet;
	if (ad.health === null) return <Badge variant="default">Not judged yet</Badge>;
	// Beside that it is not judged, or not known any more, there is room for one thing less.
	const room = Math.max(0, most - Number(ad.health === "unjudged") - Number(ad.delivery === "unknown"));
	const shown = ad.said.slice(0, room);
	return (
		<span
			style={{ display: "inline-flex", gap: 4, flexWrap: most > 1 ? "wrap" : "nowrap", alignItems: "center" }}
		>
			{quiet}
			{ad.health === "unjudged" && (
				<Tooltip label={UNJUDGED} multiline maw={320}>
					<Badge variant="default" leftSection={<CirclePause size={12} aria-hidden />}>
						Not judged
					</Badge>
				</Tooltip>
			)}
			{shown.map((said) => {
				const { icon: Icon, color } = LOOKS[said.severity];
				const excused = said.explained_by.length > 0;
				return (
					<Tooltip
						key={said.rule}
						label={`${sure(said.confidence)} sure${excused ? `, but ${said.explained_by.map(causeText).join(", and ")}` : ""}`}
						multiline
						maw={320}
					>
						<Badge
							variant={excused ? "default" : "light"}
							color={color}
							leftSection={<Icon size={12} aria-hidden />}
						>
							{said.title}
						</Badge>
					</Tooltip>
				);
			})}
			{ad.said.length > room && <Badge variant="default">+{ad.said.length - room}</Badge>}
			{ad.said.length === 0 &&
				ad.health !== "unjudged" &&
				(ad.health === "insufficient" ? (
					<Tooltip
						label={
							ad.more_spend
								? `About ${amount(ad.more_spend, ad.verdict_currency ?? ad.currency)} more would tell`
								: "More delivery would tell"
						}
					>
						<Badge variant="default" leftSection={<CircleDashed size={12} aria-hidden />}>
							Not enough evidence
						</Badge>
					</Tooltip>
				) : (
					<Badge variant="default" leftSection={<CircleCheck size={12} aria-hidden />}>
						Nothing wrong
					</Badge>
				))}
		</span>
	);
}
