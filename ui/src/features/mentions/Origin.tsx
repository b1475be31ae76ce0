import { Badge, Button, Group, Text, Title } from "@mantine/core";
import type { StoryDetail } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import type { HandWork } from "./deeds";
import classes from "./Origin.module.css";

const SURE = {
	sure: { label: "Sure", color: "teal" },
	likely: { label: "Likely", color: "yellow" },
	open: { label: "Not known", color: "gray" },
} as const;

/** Who told it first and how sure that is, the wires it goes back to, and why that headline speaks for it. */
export function Origin({
	story,
	onHand,
}: {
	story: StoryDetail;
	onHand: ((work: HandWork) => void) | undefined;
}) {
	const { first, wires } = story;
	if (!first && wires.length === 0 && !story.headline_by_hand) return null;
	return (
		<section aria-labelledby="origin">
			<Title order={3} size="h6" mb="xs" id="origin">
				Where it comes from
			</Title>
			<dl className={classes.facts}>
				{first && (
					<>
						<dt>First told by</dt>
						<dd>
							<Group gap="xs">
								<Text size="sm" fw={600}>
									{first.sure === "open" ? "Not known" : first.name}
								</Text>
								{first.sure !== "open" && (
									<Badge size="sm" color={SURE[first.sure].color}>
										{SURE[first.sure].label}
									</Badge>
								)}
							</Group>
							<Text size="xs" c="dimmed">
								{first.why}
							</Text>
						</dd>
					</>
				)}
				{wires.length > 0 && (
					<>
						<dt>Wires</dt>
						<dd>
							<Text size="sm">
								{wires
									.map(({ name, articles, here }) =>
										here ? `${name} (its own article is here)` : `${name} (${plural(articles, "article")})`,
									)
									.join(", ")}
							</Text>
						</dd>
					</>
				)}
				<dt>Headline</dt>
				<dd>
					<Text size="sm">{story.headline.outlet || story.headline.site}</Text>
					<Group gap="xs">
						<Text size="xs" c="dimmed">
							{story.headline_why}
						</Text>
						{story.headline_by_hand && onHand && (
							<Button
								size="compact-xs"
								variant="subtle"
								onClick={() => onHand({ work: "headline", story: story.id, article: null })}
							>
								Let the hound choose
							</Button>
						)}
					</Group>
				</dd>
			</dl>
		</section>
	);
}
