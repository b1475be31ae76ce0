import { Button, Menu } from "@mantine/core";
import { FileDown, FunctionSquare } from "lucide-react";
import { sentence } from "@/api/problems";
import { saveCsv } from "@/shared/csv";
import { plural } from "@/shared/numbers";
import { complain, say } from "@/shared/undo";
import { useAdMetrics, useEveryAd, useEveryPage } from "./adQueries";
import { adRows, pageRows } from "./adRows";
import type { AdsSearch } from "./adSearch";
import { ViewsMenu } from "./ViewsMenu";

type Props = { search: AdsSearch; onSearch: (change: AdsSearch) => void; onDays: () => void };

/** What is done with the list as a whole: views of it, files of it, and what it goes by. */
export function AdActions({ search, onSearch, onDays }: Props) {
	return (
		<>
			<ViewsMenu search={search} onSearch={onSearch} />
			<Export search={search} onDays={onDays} />
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
function Export({ search, onDays }: { search: AdsSearch; onDays: () => void }) {
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
				<Menu.Item onClick={onDays}>Each day of an account, as CSV or Parquet</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
}
