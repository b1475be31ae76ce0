import { ActionIcon, Badge, Button, Group } from "@mantine/core";
import { Plus, X } from "lucide-react";
import type { StoryDetail } from "@/api/generated/types.gen";
import type { HandWork } from "./deeds";
import { TagMenu } from "./TagMenu";

type Props = {
	story: StoryDetail;
	onHand: ((work: HandWork) => void) | undefined;
	tagging: boolean;
	onTagging: (tagging: boolean) => void;
};

/** The words that people put on a story. */
export function Tags({ story, onHand, tagging, onTagging }: Props) {
	if (story.tags.length === 0 && !onHand) return null;
	const stories = [story.id];
	return (
		<Group gap={6} mt="xs">
			{story.tags.map((tag) => (
				<Badge
					key={tag}
					variant="light"
					color="gray"
					tt="none"
					miw={0}
					rightSection={
						onHand && (
							<ActionIcon
								size={20}
								variant="transparent"
								c="inherit"
								aria-label={`Take the tag ${tag} off`}
								onClick={() => onHand({ work: "mark", kind: "untag", tag, stories })}
							>
								<X size={11} />
							</ActionIcon>
						)
					}
				>
					{tag}
				</Badge>
			))}
			{onHand && (
				<TagMenu
					opened={tagging}
					onChange={onTagging}
					onTag={(tag) => onHand({ work: "mark", kind: "tag", tag, stories })}
				>
					<Button
						size="compact-xs"
						variant="subtle"
						color="gray"
						leftSection={<Plus size={12} />}
						aria-keyshortcuts="t"
						onClick={() => onTagging(!tagging)}
					>
						Tag
					</Button>
				</TagMenu>
			)}
		</Group>
	);
}
