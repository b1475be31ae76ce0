import { Button, Card, Group, Progress, Stack, Text, Title } from "@mantine/core";
import type { TrustOut } from "@/api/generated/types.gen";
import { plural } from "@/shared/numbers";
import { day } from "@/shared/time";
import { useDraw } from "./queries";

type Props = { trust: TrustOut; may: boolean; onCheck: () => void };

/** The week's sample: twenty mentions drawn by chance, two minutes of somebody's time. */
export function SampleCard({ trust: { brand_id, sample, mentions }, may, onCheck }: Props) {
	const draw = useDraw();
	const open = sample ? sample.items - sample.answered : 0;
	return (
		<Card padding="md" component="section" aria-label="Weekly sample">
			<Stack gap="sm">
				<div>
					<Title order={3} size="h5">
						{sample && open > 0 ? `${plural(open, "mention")} to check` : "Weekly sample"}
					</Title>
					<Text size="xs" c="dimmed">
						{sample
							? `Drawn by chance in the week of ${day(sample.week_on)}. It measures, and teaches nothing`
							: "Twenty mentions drawn by chance show how much of all is right; two minutes a week"}
					</Text>
				</div>
				{sample && (
					<Progress
						value={(100 * sample.answered) / Math.max(sample.items, 1)}
						size="sm"
						aria-label={`${sample.answered} of ${sample.items} checked`}
					/>
				)}
				{may && (
					<Group gap="xs">
						{sample && (
							<Button variant={open > 0 ? "filled" : "default"} size="sm" onClick={onCheck}>
								{open > 0 ? "Check them" : "Look at the answers"}
							</Button>
						)}
						{!sample && mentions > 0 && (
							<Button
								variant="light"
								size="sm"
								loading={draw.isPending}
								onClick={() => draw.mutate({ path: { brand_id } }, { onSuccess: onCheck })}
							>
								Draw one now
							</Button>
						)}
					</Group>
				)}
			</Stack>
		</Card>
	);
}
