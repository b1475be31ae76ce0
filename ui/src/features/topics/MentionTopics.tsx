import { Badge, Group, Text } from "@mantine/core";
import type { FindingOut } from "@/api/generated/types.gen";
import { sureness } from "@/shared/numbers";
import { useSayTopic } from "./queries";
import classes from "./Topics.module.css";
import { YesNo } from "./YesNo";

/** `seen` are words that stand above already. */
type Props = { findings: FindingOut[]; may: boolean; seen: string };

/** What a mention is about, and which key messages it tells, with the words that show it. */
export function MentionTopics({ findings, may, seen }: Props) {
	const say = useSayTopic();
	if (findings.length === 0) return null;
	return (
		<ul className={classes.topics} aria-label="Topics">
			{findings.map(({ topic_id, mention_id, title, sort, standing, said, probability, quote }) => (
				<li key={topic_id}>
					<Group gap="xs" wrap="nowrap" justify="space-between">
						<Group gap={6} miw={0}>
							<Badge
								miw={0}
								title={title}
								variant={standing === "yes" ? "light" : "outline"}
								color={standing === "no" ? "gray" : sort === "message" ? "grape" : "teal"}
							>
								{title}
							</Badge>
							<Text size="xs" c="dimmed" span>
								{said
									? ""
									: standing === "maybe"
										? `perhaps, ${sureness(probability)} sure`
										: `${sureness(probability)} sure`}
							</Text>
						</Group>
						<YesNo
							said={said}
							about={title}
							onSay={
								may
									? (verdict) => say({ mention: mention_id, topic: topic_id, title, verdict }, said ?? null)
									: undefined
							}
						/>
					</Group>
					{standing !== "no" && quote.text !== seen && (
						<Text size="xs" c="dimmed" lineClamp={2} dir="auto">
							“{quote.text}”
						</Text>
					)}
				</li>
			))}
		</ul>
	);
}
