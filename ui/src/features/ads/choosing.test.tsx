import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import type { AdAccountOut } from "@/api/generated/types.gen";
import { sessionOptions } from "@/api/session";
import { render } from "@/test/render";
import { AdsNarrowing } from "./AdsNarrowing";
import type { AdsSearch } from "./adSearch";
import { NamingPanel } from "./NamingPanel";
import { RatesPanel } from "./RatesPanel";

const answer = (body: unknown, status = 200) =>
	new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

test("of two columns chosen quickly none is lost, though the first answer is still on its way", async () => {
	const metrics = ["spend", "ctr", "roas"].map((name) => ({
		name,
		title: name.toUpperCase(),
		group: "cost",
	}));
	vi.stubGlobal("fetch", async ({ url }: Request) =>
		answer(url.includes("metrics") ? metrics : url.includes("rules") ? [] : { items: [] }),
	);
	const asked: (string | undefined)[] = [];
	const Page = () => {
		const [search, setSearch] = useState<AdsSearch>({ columns: "spend" });
		const onSearch = (change: AdsSearch) => {
			asked.push(change.columns);
			setSearch((old) => ({ ...old, ...change }));
		};
		return <AdsNarrowing search={search} columns={["spend"]} page={undefined} onSearch={onSearch} />;
	};
	render(<Page />);
	await userEvent.click(await screen.findByLabelText("Columns of your choice", { selector: "input" }));
	await userEvent.click(await screen.findByRole("option", { name: "CTR" }));
	await userEvent.click(await screen.findByRole("option", { name: "ROAS" }));
	expect(asked).toEqual(["spend,ctr", "spend,ctr,roas"]);
});

test("a rate that is typed in is against the currency that all others are against by now", async () => {
	const needed = [{ currency: "GBP", accounts: 1 }];
	let known: Record<string, unknown> = { base: null, rates: 0, currencies: [], needed };
	const put: unknown[] = [];
	vi.stubGlobal("fetch", async (asked: Request) => {
		if (asked.method === "GET") return answer(known);
		put.push(await asked.json());
		return answer({ base: "USD", currency: "GBP", rate: "0.79", day: "2026-11-05" });
	});
	const { queryClient } = render(<RatesPanel onClose={() => {}} />);
	await screen.findByRole("heading", { name: "Type one in" });
	const dates = { since: "2026-11-01", until: "2026-11-05", brought_at: "2026-11-05T00:00:00Z" };
	known = {
		base: "USD",
		rates: 5,
		currencies: [{ currency: "GBP", rates: 5, sources: ["ECB"], ...dates }],
		needed,
	};
	await act(() =>
		queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey !== sessionOptions.queryKey }),
	);
	await userEvent.type(await screen.findByLabelText("GBP for 1 USD"), "0.79");
	await userEvent.type(screen.getAllByLabelText("Source").at(-1) as HTMLElement, "Our bank");
	await userEvent.click(screen.getByRole("button", { name: "Put it in" }));
	await waitFor(() => expect(put).toEqual([{ rate: "0.79", base: "USD", source: "Our bank" }]));
});

test("a pattern of names that is not saved yet outlasts a look at another account", async () => {
	const none = { target_cost: null, taken_cost: null, usual_cost: null, naming: null };
	vi.stubGlobal("fetch", async ({ url }: Request) =>
		url.includes("aims") ? answer({ currency: "EUR", ...none }) : answer({ title: "None" }, 404),
	);
	const accounts = [
		{ id: "1", name: "One" },
		{ id: "2", name: "Two" },
	] as AdAccountOut[];
	render(<NamingPanel accounts={accounts} chosen={undefined} onOpen={() => {}} onClose={() => {}} />);
	const pattern = () => screen.getByRole("textbox", { name: "Pattern of names" });
	const choose = async (name: string) => {
		await userEvent.click(screen.getByLabelText("Ad account", { selector: "input" }));
		await userEvent.click(await screen.findByRole("option", { name }));
	};
	await userEvent.type(await screen.findByRole("textbox", { name: "Pattern of names" }), "product_angle");
	await choose("Two");
	await waitFor(() => expect(pattern()).toHaveValue(""));
	await choose("One");
	await waitFor(() => expect(pattern()).toHaveValue("product_angle"));
});

test("a filter that an address sets is seen and can be taken away, whatever there is to choose", async () => {
	vi.stubGlobal("fetch", async ({ url }: Request) =>
		answer(/metrics|rules|pages/.test(url) ? [] : { items: [] }),
	);
	const search = { brand: "gone", account: "left", currency: "CHF", status: "DISAPPROVED" };
	render(<AdsNarrowing search={search} onSearch={() => undefined} columns={[]} page={undefined} />);
	for (const [name, said] of [
		["Brand", "A brand that is not listed"],
		["Account", "An account that is not listed"],
		["Currency", "CHF"],
		["Status", "DISAPPROVED"],
	])
		expect(((await screen.findByRole("combobox", { name })) as HTMLInputElement).value).toBe(said);
});
