import { Alert, Button, Stack, Tabs, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useMemo, useState } from "react";
import type { TemplateOut } from "@/api/generated/types.gen";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { PanelForm, SlideOver, usePanel } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { complain, say } from "@/shared/undo";
import { BlocksEditor } from "./BlocksEditor";
import { type Block, placed, plain } from "./blocks";
import { faultOf, faultyBlock } from "./faults";
import { TemplateVersions } from "./TemplateVersions";
import { useAddTemplate, useChangeTemplate, useLanguage, useRemoveTemplate, useTemplate } from "./templates";

type Props = {
	id: string;
	onClose: () => void;
	/** What is being written, for the preview beside. */
	onDraft: (blocks: Block[]) => void;
	/** The preview, where there is no room beside the panel. */
	preview: ReactNode;
};

export function TemplatePanel({ id, ...rest }: Props) {
	// Outlives a saving, after which the editor begins anew with the next version.
	const [tab, setTab] = useState<string | null>("blocks");
	const tabs = { tab, setTab };
	return id === "new" ? <NewOne {...tabs} {...rest} /> : <KeptOne id={id} {...tabs} {...rest} />;
}

type Rest = Omit<Props, "id"> & { tab: string | null; setTab: (tab: string | null) => void };

function NewOne({ onClose, ...rest }: Rest) {
	const language = useLanguage();
	return (
		<SlideOver title="New template" about="It begins as the standard one" onClose={onClose}>
			{language.isError ? (
				<ProblemPanel error={language.error} retry={language.refetch} />
			) : language.isPending ? (
				<LoadingPanel what="template" />
			) : (
				<Editor template={undefined} blocks={language.data.standard} {...rest} />
			)}
		</SlideOver>
	);
}

function KeptOne({ id, onClose, ...rest }: Rest & { id: string }) {
	const template = useTemplate(id);
	return (
		<SlideOver
			title={template.data?.name ?? "Template"}
			about={template.data && `Version ${template.data.version}`}
			onClose={onClose}
		>
			{template.isError ? (
				<ProblemPanel error={template.error} retry={template.refetch} />
			) : template.isPending ? (
				<LoadingPanel what="template" />
			) : (
				<Editor
					key={template.data.version}
					template={template.data}
					blocks={template.data.blocks}
					{...rest}
				/>
			)}
		</SlideOver>
	);
}

type EditorProps = Omit<Rest, "onClose"> & { template: TemplateOut | undefined; blocks: Block[] };

function Editor({ template, blocks, onDraft, preview, tab, setTab }: EditorProps) {
	const { done } = usePanel();
	const may = useCan("analyst");
	const add = useAddTemplate();
	const change = useChangeTemplate();
	const first = useMemo(() => placed(blocks), [blocks]);
	const [name, setName] = useState(template?.name ?? "");
	const [rows, setRows] = useState(first);
	const [missing, setMissing] = useState(false);
	const saved = add.isSuccess || change.isSuccess;
	const dirty = !saved && (name !== (template?.name ?? "") || rows !== first);
	useEffect(() => onDraft(plain(rows)), [rows, onDraft]);
	const error = add.error ?? change.error;
	const save = (event: FormEvent) => {
		event.preventDefault();
		if (!name.trim()) {
			setMissing(true);
			setTab("blocks");
			return;
		}
		const body = { name: name.trim(), blocks: plain(rows) };
		const after = {
			onSuccess: ({ version }: TemplateOut) => {
				say(template ? `Saved as version ${version}` : "The template is kept");
				if (!template) done();
			},
			onError: () => setTab("blocks"),
		};
		if (template) {
			change.mutate(
				{ path: { template_id: template.id }, body: { ...body, based_on: template.version } },
				after,
			);
		} else {
			add.mutate({ body }, after);
		}
	};
	return (
		<PanelForm
			onSubmit={save}
			dirty={dirty}
			saving={add.isPending || change.isPending}
			disabled={!may}
			aside={template && may && <Remove template={template} />}
		>
			<Tabs value={tab} onChange={setTab} keepMounted={false}>
				{(preview || template) && (
					<Tabs.List mb="md">
						<Tabs.Tab value="blocks">Blocks</Tabs.Tab>
						{preview && <Tabs.Tab value="preview">Preview</Tabs.Tab>}
						{template && <Tabs.Tab value="versions">Versions</Tabs.Tab>}
					</Tabs.List>
				)}
				<Tabs.Panel value="blocks">
					<Stack gap="lg">
						{error && (
							<Alert color="red" role="alert">
								{faultOf(error)}
							</Alert>
						)}
						<TextInput
							label="Name"
							placeholder="For the board"
							required
							disabled={!may}
							maxLength={100}
							value={name}
							error={missing && !name.trim() ? "What shall it be called?" : undefined}
							onChange={(event) => setName(event.currentTarget.value)}
						/>
						<BlocksEditor rows={rows} onChange={setRows} faulty={faultyBlock(error)} disabled={!may} />
					</Stack>
				</Tabs.Panel>
				<Tabs.Panel value="preview">{preview}</Tabs.Panel>
				<Tabs.Panel value="versions">{template && <TemplateVersions template={template} />}</Tabs.Panel>
			</Tabs>
		</PanelForm>
	);
}

function Remove({ template }: { template: TemplateOut }) {
	const { done } = usePanel();
	const remove = useRemoveTemplate();
	if (template.schedules > 0) {
		return (
			<Button variant="subtle" color="red" disabled title="Schedules use it">
				Remove
			</Button>
		);
	}
	return (
		<ConfirmButton
			question={`Remove ${template.name}?`}
			consequence="All its versions go. Reports that were made with it stay as they are."
			yes="Remove"
			loading={remove.isPending}
			onConfirm={() =>
				remove.mutate(
					{ path: { template_id: template.id } },
					{
						onSuccess: () => {
							say("The template is removed");
							done();
						},
						onError: (error) => complain(sentence(error)),
					},
				)
			}
		>
			Remove
		</ConfirmButton>
	);
}
