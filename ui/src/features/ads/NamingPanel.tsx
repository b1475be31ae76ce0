import { NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import type { AdAccountOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { PanelBody, PanelForm, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain, say } from "@/shared/undo";
import { amount } from "./adNumbers";
import { useAims, useNaming, useSetAims } from "./adQueries";
import { NameCoverage } from "./NameCoverage";

type Props = {
	accounts: AdAccountOut[];
	chosen: string | undefined;
	onOpen: (ad: string) => void;
	onClose: () => void;
};

/** What a purchase may cost in an account, and how far the names of its ads follow a pattern. */
export function NamingPanel({ accounts, chosen, onOpen, onClose }: Props) {
	const [account, setAccount] = useState(chosen ?? accounts[0]?.id);
	/** What was written for each account, until it is saved: a look at another one does not lose it. */
	const [drafts, setDrafts] = useState<Record<string, Draft>>({});
	return (
		<SlideOver
			title="Aims and names"
			about="What a purchase may cost, and how ads are named"
			onClose={onClose}
		>
			{account && (
				<Aims
					key={account}
					account={account}
					draft={drafts[account] ?? {}}
					others={Object.entries(drafts).some(([id, { saved }]) => id !== account && !saved)}
					onDraft={(draft) => setDrafts((old) => ({ ...old, [account]: draft }))}
					onOpen={onOpen}
				>
					<Select
						label="Ad account"
						data={accounts.map(({ id, name }) => ({ value: id, label: name }))}
						value={account}
						allowDeselect={false}
						onChange={(value) => setAccount(value ?? undefined)}
					/>
				</Aims>
			)}
		</SlideOver>
	);
}

type Draft = { target?: number | string; pattern?: string; saved?: boolean };

type AimsProps = {
	account: string;
	draft: Draft;
	/** Whether something is written for other accounts. */
	others: boolean;
	onDraft: (draft: Draft) => void;
	onOpen: (ad: string) => void;
	children: ReactNode;
};

function Aims({ account, draft, others, onDraft, onOpen, children }: AimsProps) {
	const aims = useAims(account);
	const may = useCan("analyst");
	const set = useSetAims();
	const { target, pattern } = draft;
	const [tried] = useDebouncedValue(pattern, 400);
	const naming = useNaming(account, tried?.trim() || undefined);
	if (aims.isPending || failed(aims)) {
		return (
			<PanelBody>
				{children}
				{aims.isPending ? (
					<LoadingPanel what="aims" />
				) : (
					<ProblemPanel error={aims.error} retry={aims.refetch} />
				)}
			</PanelBody>
		);
	}
	const { currency, target_cost, taken_cost, usual_cost } = aims.data;
	const typed = target ?? target_cost ?? "";
	const written = pattern ?? aims.data.naming ?? "";
	const save = () =>
		set.mutate(
			{
				path: { account_id: account },
				body: { target_cost: typed === "" ? null : Number(typed), naming: written.trim() || null },
			},
			{
				onSuccess: () => {
					onDraft({ ...draft, saved: true });
					say("Kept; the ads are judged by it now");
				},
				onError: (error) => complain(sentence(error)),
			},
		);
	const found = naming.data;
	const fields = (
		<Stack gap="md">
			{children}
			<NumberInput
				label={`What a purchase may cost (${currency})`}
				description={
					taken_cost && usual_cost
						? `Taken now: ${amount(taken_cost, currency)}. Usual here: ${amount(usual_cost, currency)}.`
						: "Verdicts on cost follow it"
				}
				value={typed}
				min={0}
				decimalScale={2}
				disabled={!may}
				onChange={(target) => onDraft({ ...draft, target, saved: false })}
			/>
			<TextInput
				label="Pattern of names"
				placeholder="{product}_{angle}_{format}_{date}"
				description="Parts in braces with something between them; what follows is tried as you type"
				value={written}
				maxLength={200}
				disabled={!may}
				error={naming.isError && pattern ? sentence(naming.error) : undefined}
				onChange={({ currentTarget }) => onDraft({ ...draft, pattern: currentTarget.value, saved: false })}
			/>
			{found && <NameCoverage naming={found} onOpen={onOpen} />}
		</Stack>
	);
	if (!may) return <PanelBody>{fields}</PanelBody>;
	return (
		<PanelForm
			onSubmit={(event) => {
				event.preventDefault();
				save();
			}}
			dirty={others || typed !== (target_cost ?? "") || written.trim() !== (aims.data.naming ?? "")}
			saving={set.isPending}
		>
			{fields}
		</PanelForm>
	);
}
