import { Badge, Text, Title } from "@mantine/core";
import type { ModelFeatureOut, ModelsOut } from "@/api/generated/types.gen";
import { type Column, DataTable, RowName } from "@/shared/DataTable";

type Props = { models: ModelsOut; open: string | undefined; onOpen: (id: string) => void };

/** What a model may do, and who does it now. */
export function FeaturesSection({ models, open, onOpen }: Props) {
	return (
		<section aria-labelledby="features">
			<Title order={2} size="h5" id="features">
				Who does what
			</Title>
			<Text size="sm" c="dimmed" mb="sm">
				Nothing stops without a model: each line says what is done then
			</Text>
			<DataTable
				label="Uses of models"
				rows={models.features}
				columns={columns(models, onOpen)}
				id={({ name }) => name}
				open={open}
				onOpen={onOpen}
			/>
		</section>
	);
}

function columns(models: ModelsOut, onOpen: (id: string) => void): Column<ModelFeatureOut>[] {
	return [
		{
			key: "title",
			title: "Use",
			render: ({ name, title, choice, adds, without }) => (
				<>
					<RowName onClick={() => onOpen(name)}>{title}</RowName>
					<Text size="xs" c="dimmed">
						{choice ? adds : without}
					</Text>
				</>
			),
		},
		{
			key: "who",
			title: "Done by",
			fit: true,
			render: ({ choice }) => {
				const account = models.accounts.find(({ id }) => id === choice?.account_id);
				if (!choice || !account) {
					return (
						<Badge color="teal" variant="light">
							Embedded
						</Badge>
					);
				}
				return (
					<>
						<Text size="sm">{choice.model}</Text>
						<Text size="xs" c="dimmed">
							{account.name}
						</Text>
					</>
				);
			},
		},
	];
}
