import { Tabs } from "@mantine/core";
import { failed, onItsWay } from "@/api/problems";
import { later } from "@/shared/later";
import { SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { TabLine } from "@/shared/TabLine";
import { BrandForm } from "./BrandForm";
import classes from "./Brands.module.css";
import { wishOf } from "./Meanings";
import { useBrand, useMeanings } from "./queries";
import type { BrandTab } from "./search";

const BrandAccountsTab = later(
	async () => (await import("@/features/ads/BrandAccountsTab")).BrandAccountsTab,
);
const ToneTab = later(async () => (await import("@/features/topics/ToneTab")).ToneTab);
const VoiceTab = later(async () => (await import("@/features/reports/VoiceTab")).VoiceTab);
const PeopleTab = later(async () => (await import("./PeopleTab")).PeopleTab);
const TrustTab = later(async () => (await import("@/features/trust/TrustTab")).TrustTab);

type Props = { id: string; tab: BrandTab; onTab: (tab: BrandTab) => void; onClose: () => void };

export function BrandPanel({ id, tab, onTab, onClose }: Props) {
	if (id === "new") {
		return (
			<SlideOver
				title="Watch a brand"
				about="Articles of the last 30 days are searched for it at once"
				onClose={onClose}
			>
				<BrandForm brand={undefined} />
			</SlideOver>
		);
	}
	return <OpenBrand id={id} tab={tab} onTab={onTab} onClose={onClose} />;
}

function OpenBrand({ id, tab, onTab, onClose }: Props) {
	const brand = useBrand(id);
	// They stand in the middle of the form.
	const meanings = useMeanings(brand.data && wishOf(brand.data), tab === "profile");
	return (
		<SlideOver title={brand.data?.name ?? "Brand"} onClose={onClose}>
			<Tabs value={tab} onChange={(value) => onTab(value as BrandTab)} className={classes.tabs}>
				<TabLine open={tab}>
					<Tabs.Tab value="profile">Profile</Tabs.Tab>
					<Tabs.Tab value="voice">Voice</Tabs.Tab>
					<Tabs.Tab value="tone">Tone and topics</Tabs.Tab>
					<Tabs.Tab value="people">People</Tabs.Tab>
					<Tabs.Tab value="trust">Trust</Tabs.Tab>
					<Tabs.Tab value="ads">Ad accounts</Tabs.Tab>
				</TabLine>
			</Tabs>
			{brand.isPending || onItsWay(meanings) ? (
				<LoadingPanel what="brand" />
			) : failed(brand) ? (
				<ProblemPanel error={brand.error} retry={brand.refetch} />
			) : tab === "tone" ? (
				<ToneTab key={brand.data.id} brand={brand.data} />
			) : tab === "voice" ? (
				<VoiceTab key={brand.data.id} brand={brand.data} />
			) : tab === "people" ? (
				<PeopleTab key={brand.data.id} brand={brand.data} />
			) : tab === "ads" ? (
				<BrandAccountsTab key={brand.data.id} brand={brand.data} />
			) : tab === "trust" ? (
				<TrustTab key={brand.data.id} brand={brand.data} />
			) : (
				<BrandForm key={brand.data.id} brand={brand.data} />
			)}
		</SlideOver>
	);
}
