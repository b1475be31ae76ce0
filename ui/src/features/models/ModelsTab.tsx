import { Alert, Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { Cpu } from "lucide-react";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { later } from "@/shared/later";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { AccountsSection } from "./AccountsSection";
import { BudgetSection } from "./BudgetSection";
import { FeaturesSection } from "./FeaturesSection";
import { useModels } from "./queries";
import { UsageSection } from "./UsageSection";

const AccountPanel = later(async () => (await import("./AccountPanel")).AccountPanel);
const FeaturePanel = later(async () => (await import("./FeaturePanel")).FeaturePanel);

type Props = { open: string | undefined; onOpen: (id: string | undefined) => void };

/** Settings > Models: who does what, who may be asked, and what it may cost. */
export default function ModelsTab({ open, onOpen }: Props) {
	const models = useModels();
	const admin = useCan("admin");
	if (models.isPending) return <LoadingRows what="models" rows={6} />;
	if (failed(models)) return <ProblemPanel error={models.error} retry={models.refetch} />;
	const { embedded, zero_egress, features } = models.data;
	const feature = features.find(({ name }) => name === open);
	return (
		<Stack gap="xl" maw={920}>
			<Card padding="md" withBorder>
				<Group gap="sm" wrap="nowrap" align="flex-start">
					<Cpu size={20} aria-hidden style={{ flex: "none", marginTop: 2 }} />
					<div>
						<Group gap="xs">
							<Title order={2} size="h5">
								{embedded.title}
							</Title>
							<Badge color="teal" variant="light">
								Always there
							</Badge>
						</Group>
						<Text size="sm">{embedded.about}</Text>
						{!embedded.sentence_model && (
							<Text size="sm" c="dimmed">
								The sentence model is not installed here, so tone is read from a word list.
							</Text>
						)}
					</div>
				</Group>
			</Card>
			{zero_egress && (
				<Alert color="yellow" title="This installation asks nobody outside">
					BRANDHOUND_ZERO_EGRESS is on. Only models on the operator’s own networks can be asked; everything
					else is refused before it leaves.
				</Alert>
			)}
			<FeaturesSection models={models.data} open={open} onOpen={onOpen} />
			<AccountsSection models={models.data} open={open} onOpen={onOpen} />
			<BudgetSection budget={models.data.budget} />
			<UsageSection />
			{open && feature && (
				<FeaturePanel key={open} feature={feature} models={models.data} onClose={() => onOpen(undefined)} />
			)}
			{open && !feature && (
				<AccountPanel
					key={open}
					id={open}
					models={models.data}
					mayChange={admin}
					onClose={() => onOpen(undefined)}
				/>
			)}
		</Stack>
	);
}
