import { Button, Group, Menu, TextInput } from "@mantine/core";
import { Bookmark, FileDown, FunctionSquare } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { saveCsv } from "@/shared/csv";
import { plural } from "@/shared/numbers";
import { complain, offerUndo, say } from "@/shared/undo";
import { useAdMetrics, useAdViews, useEveryAd, useEveryPage, useRemoveView, useSaveView } from "./adQueries";
import { adRows, pageRows } from "./adRows";
import type { AdsSearch } from "./adSearch";

const Dialog = lazy(() => import("@/shared/Dialog").then(({ Dialog }) => ({ default: Dialog })));

type Props = { search: AdsSearch; onSearch: (change: AdsSearch) => void; onAccounts: () => void };

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

/** What is done with the list as a whole: views of it, files of it, and what it goes by. */
export function AdActions({ search, onSearch, onAccounts }: Props) {
	const views = useAdViews();
	const save = useSaveView();
	const remove = useRemoveView();
	const may = useCan("analyst");
	const all = views.data ?? [];
	const [name, setName] = useState<string>();
	const keep = () => {
		const chosen = name?.trim();
		if (!chosen) return;
		const { ad: _, panel: _panel, ...query } = search;
		const filled = Object.fromEntries(Object.entries(query).filter(([, value]) => value)) as Record<
			string,
			string
		>;
		save.mutate(
			{ body: { name: chosen, query: filled } },
			{
				onSuccess: () => {
					setName(undefined);
					say(`Saved as ${chosen}`);
				},
				onError: (error) => complain(sentence(error)),
			},
		);
	};
	const forget = (id: string) => {
		const view = all.find((one) => one.id === id);
		const onError = (error: unknown) => complain(sentence(error));
		const putBack = () => view && save.mutate({ body: { name: view.name, query: view.query } }, { onError });
		remove.mutate(
			{ path: { view_id: id } },
			{ onSuccess: () => view && offerUndo(`Removed ${view.name}`, putBack), onError },
		);
	};
	return (
		<>
			{name !== undefined && (
				<Suspense>
					<Dialog opened onClose={() => setName(undefined)} title="Save this view">
						<form
							onSubmit={(event) => {
								event.preventDefault();
								keep();
							}}
						>
							<TextInput
								label="Name"
								description="Everybody in the organization sees it; one of the same name is overwritten"
								value={name}
								maxLength={80}
								data-autofocus
								onChange={({ currentTarget }) => setName(currentTarget.value)}
							/>
							<Group justify="flex-end" mt="md">
								<Button type="submit" loading={save.isPending} disabled={!name.trim()}>
									Save
								</Button>
							</Group>
						</form>
					</Dialog>
				</Suspense>
			)}
			<Menu position="bottom-end">
				<Menu.Target>
					<Button variant="default" leftSection={<Bookmark size={15} />}>
						Views
					</Button>
				</Menu.Target>
				<Menu.Dropdown>
					{all.map(({ id, name, query }) => (
						<Menu.Item key={id} onClick={() => onSearch({ ...CLEARED, ...(query as AdsSearch) })}>
							{name}
						</Menu.Item>
					))}
					{all.length === 0 && <Menu.Label>None saved yet</Menu.Label>}
					{may && (
						<>
							<Menu.Divider />
							<Menu.Item onClick={() => setName("")}>Save what is shown now</Menu.Item>
							{all.map(({ id, name }) => (
								<Menu.Item key={id} color="red" onClick={() => forget(id)}>
									Remove “{name}”
								</Menu.Item>
							))}
						</>
					)}
				</Menu.Dropdown>
			</Menu>
			<Export search={search} onAccounts={onAccounts} />
			<Menu position="bottom-end">
				<Menu.Target>
					<Button variant="default" leftSection={<FunctionSquare size={15} />}>
						Settings
					</Button>
				</Menu.Target>
				<Menu.Dropdown>
					<Menu.Item onClick={() => onSearch({ panel: "metrics", ad: undefined })}>Own metrics</Menu.Item>
					<Menu.Item onClick={() => onSearch({ panel: "naming", ad: undefined })}>Aims and names</Menu.Item>
					<Menu.Item onClick={() => onSearch({ panel: "rates", ad: undefined })}>Exchange rates</Menu.Item>
				</Menu.Dropdown>
			</Menu>
		</>
	);
}

/** What is shown, as a file; the days of an account are taken along under the account. */
function Export({ search, onAccounts }: { search: AdsSearch; onAccounts: () => void }) {
	const every = useEveryAd();
	const pages = useEveryPage();
	const metrics = useAdMetrics();
	const save = () =>
		every.mutate(search, {
			onSuccess: ({ items, totals, until, shown_in }) => {
				const named = new Map(metrics.data?.map((metric) => [metric.name, metric]));
				saveCsv(
					`ads-${until ?? "none"}`,
					adRows(items, Object.keys(totals.values), named, shown_in?.currency),
				);
				say(`${plural(items.length, "ad")} saved`);
			},
			onError: (error) => complain(sentence(error)),
		});
	const savePages = () =>
		pages.mutate(search, {
			onSuccess: ({ items, totals, until }) => {
				const named = new Map(metrics.data?.map((metric) => [metric.name, metric]));
				saveCsv(`pages-${until ?? "none"}`, pageRows(items, Object.keys(totals.values), named));
				say(`${plural(items.length, "page")} saved`);
			},
			onError: (error) => complain(sentence(error)),
		});
	return (
		<Menu position="bottom-end">
			<Menu.Target>
				<Button
					variant="default"
					leftSection={<FileDown size={15} />}
					loading={every.isPending || pages.isPending}
				>
					Export
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Item onClick={save}>These ads and columns, as CSV</Menu.Item>
				<Menu.Item onClick={savePages}>The same by landing page, as CSV</Menu.Item>
				<Menu.Item onClick={onAccounts}>Each day of an account, as CSV or Parquet</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}
