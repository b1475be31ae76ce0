import { ActionIcon, Group, Stack, TextInput } from "@mantine/core";
import { Bookmark, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { AdViewOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { PanelBody, PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { Empty, LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain, offerUndo, say } from "@/shared/undo";
import { useAdViews, useRemoveView, useRenameView, useSaveView } from "./adQueries";

/** Saved views, to give them other names and to remove them. */
export function ViewsPanel({ onClose }: { onClose: () => void }) {
	const views = useAdViews();
	const may = useCan("analyst");
	return (
		<SlideOver
			title="Saved views"
			about="Everybody in the organization sees them; a link to one is the address of what it shows"
			onClose={onClose}
		>
			{views.isPending ? (
				<LoadingPanel what="views" />
			) : failed(views) ? (
				<ProblemPanel error={views.error} retry={views.refetch} />
			) : views.data.length === 0 || !may ? (
				<PanelBody>
					<Empty icon={Bookmark} title="No views to arrange" level={3}>
						Narrow the ads, choose columns, and save what is shown under Views.
					</Empty>
				</PanelBody>
			) : (
				<Names views={views.data} />
			)}
		</SlideOver>
	);
}

function Names({ views }: { views: AdViewOut[] }) {
	const { done } = usePanel();
	const rename = useRenameView();
	const remove = useRemoveView();
	const again = useSaveView();
	const [names, setNames] = useState<Record<string, string>>({});
	const [wrong, setWrong] = useState<Record<string, string>>({});
	const changed = views.filter(({ id, name }) => (names[id] ?? name).trim() !== name);
	const onError = (error: unknown) => complain(sentence(error));
	const forget = ({ id, name, query }: AdViewOut) =>
		remove.mutate(
			{ path: { view_id: id } },
			{
				onSuccess: () =>
					offerUndo(`Removed ${name}`, () => again.mutate({ body: { name, query } }, { onError })),
				onError,
			},
		);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const refused: Record<string, string> = {};
		for (const { id } of changed) {
			try {
				await rename.mutateAsync({ path: { view_id: id }, body: { name: names[id]?.trim() ?? "" } });
			} catch (error) {
				refused[id] = sentence(error);
			}
		}
		setWrong(refused);
		if (Object.keys(refused).length > 0) return;
		if (changed.length > 0) say("Kept");
		done();
	};
	return (
		<PanelForm
			onSubmit={(event) => void submit(event)}
			dirty={changed.length > 0}
			saving={rename.isPending}
			disabled={changed.length === 0 || changed.some(({ id }) => !names[id]?.trim())}
		>
			<Stack gap="sm">
				{views.map((view) => (
					<Group key={view.id} gap="xs" wrap="nowrap" align="flex-start">
						<TextInput
							flex={1}
							aria-label={`Name of ${view.name}`}
							value={names[view.id] ?? view.name}
							maxLength={80}
							error={wrong[view.id]}
							onChange={({ currentTarget: { value } }) => setNames((old) => ({ ...old, [view.id]: value }))}
						/>
						<ActionIcon
							size={36}
							variant="subtle"
							color="gray"
							aria-label={`Remove ${view.name}`}
							onClick={() => forget(view)}
						>
							<Trash2 size={16} />
						</ActionIcon>
					</Group>
				))}
			</Stack>
		</PanelForm>
	);
}
