import { Alert, Button, Group, Stack, Tabs, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import type { TemplateOut } from "@/api/generated/types.gen";
import { failed, isProblem, sentence } from "@/api/problems";
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
	const [tab, setTab] = useState<string | null>("blocks");
	const tabs = { tab, setTab };
	return id === "new" ? <NewOne {...tabs} {...rest} /> : <KeptOne id={id} {...tabs} {...rest} />;
}

type Rest = Omit<Props, "id"> & { tab: string | null; setTab: (tab: string | null) => void };

function NewOne({ onClose, ...rest }: Rest) {
	const language = useLanguage();
	return (
		<SlideOver title="New template" about="It begins as the standard one" onClose={onClose}>
			{failed(language) ? (
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
			{/* What is being written stays, even if asking anew fails. */}
			{template.data ? (
				<Editor template={template.data} blocks={template.data.blocks} {...rest} />
			) : failed(template) ? (
				<ProblemPanel error={template.error} retry={template.refetch} />
			) : (
				<LoadingPanel what="template" />
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
	// What is on the screen began as this version; a newer one takes its place only where nothing is lost by it.
	const [start, setStart] = useState(() => begun(template, blocks));
	const [name, setName] = useState(start.name);
	const [rows, setRows] = useState(start.rows);
	const [missing, setMissing] = useState(false);
	const saving = add.isPending || change.isPending;
	const dirty = !add.isSuccess && (name !== start.name || rows !== start.rows);
	const newer = template && !saving && template.version > start.version ? template : undefined;
	const take = () => {
		const next = begun(template, blocks);
		setStart(next);
		setName(next.name);
		setRows(next.rows);
	};
	if (newer && !dirty) take();
	useEffect(() => onDraft(plain(rows)), [rows, onDraft]);
	const error = add.error ?? change.error;
	const save = (basedOn = start.version) => {
		if (!name.trim()) {
			setMissing(true);
			setTab("blocks");
			return;
		}
		const body = { name: name.trim(), blocks: plain(rows) };
		const onError = () => setTab("blocks");
		if (!template) {
			const onSuccess = () => {
				say("The template is kept");
				done();
			};
			add.mutate({ body }, { onSuccess, onError });
			return;
		}
		change.mutate(
			{ path: { template_id: template.id }, body: { ...body, based_on: basedOn } },
			{
				onSuccess: ({ version }) => {
					say(`Saved as version ${version}`);
					setStart({ version, name, rows });
				},
				onError,
			},
		);
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		save();
	};
	return (
		<PanelForm
			onSubmit={submit}
			dirty={dirty}
			saving={saving}
			disabled={!may}
			aside={template && may && <Remove template={template} />}
		>
			{newer && dirty && (
				<Newer
					version={newer.version}
					may={may}
					onSave={() => save(newer.version)}
					onTake={() => {
						change.reset();
						take();
					}}
				/>
			)}
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
						{error && !(newer && tooLate(error)) && (
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

const tooLate = (error: unknown) => isProblem(error) && error.code === "reports/template-changed-meanwhile";

function begun(template: TemplateOut | undefined, blocks: Block[]) {
	return { version: template?.version ?? 0, name: template?.name ?? "", rows: placed(blocks) };
}

type NewerProps = { version: number; may: boolean; onSave: () => void; onTake: () => void };

function Newer({ version, may, onSave, onTake }: NewerProps) {
	return (
		<Alert color="yellow" role="alert" mb="md" title={`There is a version ${version} meanwhile`}>
			<Text size="sm">
				Somebody saved this template while you changed it. Yours on top makes the next version; theirs stays
				under Versions.
			</Text>
			<Group gap="sm" mt="sm">
				<Button size="xs" disabled={!may} onClick={onSave}>
					Save on top
				</Button>
				<Button size="xs" variant="default" onClick={onTake}>
					Take theirs
				</Button>
			</Group>
		</Alert>
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
