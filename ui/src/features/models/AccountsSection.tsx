import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { KeyRound, Plus } from "lucide-react";
import type { ModelAccountOut, ModelsOut } from "@/api/generated/types.gen";
import { useCan } from "@/api/session";
import { type Column, DataTable, RowName } from "@/shared/DataTable";
import { Empty } from "@/shared/states";
import { Ago } from "@/shared/time";

type Props = { models: ModelsOut; open: string | undefined; onOpen: (id: string) => void };

/** The servers that may be asked, and how they stand. Keys are never shown. */
export function AccountsSection({ models, open, onOpen }: Props) {
	const admin = useCan("admin");
	const add = admin && (
		<Button leftSection={<Plus size={16} />} onClick={() => onOpen("new")}>
			Add a server
		</Button>
	);
	return (
		<section aria-labelledby="accounts">
			<Group justify="space-between" align="flex-end" mb="sm">
				<div>
					<Title order={2} size="h5" id="accounts">
						Who may be asked
					</Title>
					<Text size="sm" c="dimmed">
						Keys are sealed as they are entered, and never shown again
					</Text>
				</div>
				{models.accounts.length > 0 && add}
			</Group>
			{models.accounts.length === 0 ? (
				<Empty icon={KeyRound} title="No model server yet" level={3} action={add}>
					OpenAI, Anthropic or Gemini by a key of yours, or a server of your own: Ollama, vLLM, or anything
					that speaks like OpenAI.
				</Empty>
			) : (
				<DataTable
					label="Model servers"
					rows={models.accounts}
					columns={columns(models, onOpen)}
					id={({ id }) => id}
					open={open}
					onOpen={onOpen}
				/>
			)}
		</section>
	);
}

function columns(models: ModelsOut, onOpen: (id: string) => void): Column<ModelAccountOut>[] {
	const titles = new Map(models.kinds.map(({ kind, title }) => [kind, title]));
	return [
		{
			key: "name",
			title: "Server",
			render: ({ id, name, kind, address, problem, state }) => (
				<>
					<RowName onClick={() => onOpen(id)}>{name}</RowName>
					<Text size="xs" c="dimmed" lineClamp={1}>
						{[titles.get(kind), address].filter(Boolean).join(" · ")}
					</Text>
					{state === "failed" && problem && (
						<Text size="xs" lineClamp={2} className="sentence">
							{problem}
						</Text>
					)}
				</>
			),
		},
		{ key: "state", title: "Last trial", fit: true, render: (account) => <Trial account={account} /> },
		{
			key: "key",
			title: "Key",
			fit: true,
			from: "medium",
			render: ({ key_fingerprint }) => (key_fingerprint ? `${key_fingerprint.slice(0, 6)}…` : "None"),
		},
		{
			key: "tried",
			title: "Tried",
			fit: true,
			from: "wide",
			render: ({ tried_at }) => (tried_at ? <Ago at={tried_at} /> : "Never"),
		},
	];
}

const STATES: Record<ModelAccountOut["state"], { label: string; color: string }> = {
	untried: { label: "Not tried", color: "gray" },
	well: { label: "Well", color: "teal" },
	failed: { label: "Failed", color: "red" },
};

export function Trial({ account }: { account: ModelAccountOut }) {
	const { label, color } = STATES[account.state];
	return (
		<Badge color={color} variant="light">
			{label}
		</Badge>
	);
}
