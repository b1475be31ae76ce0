import { Button, Group, Menu, Text, TextInput } from "@mantine/core";
import { Bookmark, Check } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { AdViewOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { complain, offerUndo } from "@/shared/undo";
import { useAdViews, useRemoveView, useSaveView } from "./adQueries";
import type { AdsSearch } from "./adSearch";
import { isShown, queryOf } from "./savedView";

const Dialog = lazy(() => import("@/shared/Dialog").then(({ Dialog }) => ({ default: Dialog })));

type Props = { search: AdsSearch; onSearch: (change: AdsSearch) => void };

const CLEARED: AdsSearch = {
	window: undefined,
	columns: undefined,
	sort: undefined,
	brand: undefined,
	account: undefined,
	currency: undefined,
	in: undefined,
	status: undefined,
	health: undefined,
	rule: undefined,
	page: undefined,
	by: undefined,
	q: undefined,
};

/** Ways to look at ads that were saved, and saving this one. */
export function ViewsMenu({ search, onSearch }: Props) {
	const views = useAdViews();
	const may = useCan("analyst");
	const all = views.data ?? [];
	const [opened, setOpened] = useState<string>();
	const [asks, setAsks] = useState(false);
	const save = useSaving();
	// What somebody opened and narrowed further can be kept under its name.
	const changed = all.find(({ id, query }) => id === opened && !isShown(query, search));
	return (
		<>
			{asks && (
				<Suspense>
					<SaveDialog search={search} views={all} save={save} onClose={() => setAsks(false)} />
				</Suspense>
			)}
			<Menu position="bottom-end">
				<Menu.Target>
					<Button variant="default" leftSection={<Bookmark size={15} />}>
						Views
					</Button>
				</Menu.Target>
				<Menu.Dropdown mah="70dvh" maw="min(340px, 90vw)" style={{ overflowY: "auto" }}>
					{all.map(({ id, name, query }) => {
						const shown = isShown(query, search);
						return (
							<Menu.Item
								key={id}
								aria-current={shown || undefined}
								rightSection={shown && <Check size={14} aria-hidden />}
								style={{ overflowWrap: "anywhere" }}
								onClick={() => {
									setOpened(id);
									onSearch({ ...CLEARED, ...(query as AdsSearch) });
								}}
							>
								{name}
							</Menu.Item>
						);
					})}
					{all.length === 0 && (
						<Menu.Label>
							{views.isPending ? "Loading…" : failed(views) ? sentence(views.error) : "None saved yet"}
						</Menu.Label>
					)}
					{failed(views) && (
						<Menu.Item closeMenuOnClick={false} onClick={() => void views.refetch()}>
							Try again
						</Menu.Item>
					)}
					{may && (
						<>
							<Menu.Divider />
							{changed && (
								<Menu.Item
									style={{ overflowWrap: "anywhere" }}
									onClick={() => save.keep(changed.name, search, changed)}
								>
									Keep this as “{changed.name}”
								</Menu.Item>
							)}
							<Menu.Item disabled={!views.data} onClick={() => setAsks(true)}>
								Save what is shown now
							</Menu.Item>
							{all.length > 0 && (
								<Menu.Item onClick={() => onSearch({ panel: "views", ad: undefined })}>
									Rename or remove
								</Menu.Item>
							)}
						</>
					)}
				</Menu.Dropdown>
			</Menu>
		</>
	);
}

/** Saves under a name; what stood there before comes back at a press. */
function useSaving() {
	const save = useSaveView();
	const remove = useRemoveView();
	const onError = (error: unknown) => complain(sentence(error));
	const keep = (name: string, search: AdsSearch, before: AdViewOut | undefined, onDone?: () => void) =>
		save.mutate(
			{ body: { name, query: queryOf(search) } },
			{
				onSuccess: ({ id }) => {
					onDone?.();
					if (before)
						offerUndo(`${name} shows this now`, () =>
							save.mutate({ body: { name, query: before.query } }, { onError }),
						);
					else offerUndo(`Saved as ${name}`, () => remove.mutate({ path: { view_id: id } }, { onError }));
				},
				onError,
			},
		);
	return { keep, isPending: save.isPending };
}

type SaveProps = {
	search: AdsSearch;
	views: readonly AdViewOut[];
	save: ReturnType<typeof useSaving>;
	onClose: () => void;
};

function SaveDialog({ search, views, save, onClose }: SaveProps) {
	const [name, setName] = useState("");
	const chosen = name.trim();
	const there = views.find((one) => one.name === chosen);
	return (
		<Dialog opened onClose={onClose} title="Save this view">
			<form
				onSubmit={(event) => {
					event.preventDefault();
					if (chosen) save.keep(chosen, search, there, onClose);
				}}
			>
				<TextInput
					label="Name"
					description="Everybody in the organization sees it"
					value={name}
					maxLength={80}
					data-autofocus
					onChange={({ currentTarget }) => setName(currentTarget.value)}
				/>
				<Text size="sm" mt="xs" mih="1.55em" role="status">
					{there && "A view of that name is there already. It will show this instead, for everybody."}
				</Text>
				<Group justify="flex-end" mt="xs">
					<Button type="submit" loading={save.isPending} disabled={!chosen}>
						{there ? "Overwrite" : "Save"}
					</Button>
				</Group>
			</form>
		</Dialog>
	);
}
