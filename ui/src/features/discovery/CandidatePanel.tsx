import { Alert, Anchor, Button, Group, Kbd, Select, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EyeOff, Plus, Undo2 } from "lucide-react";
import { useRef, useState } from "react";
import type { BrandOut, CandidateDetail, CandidatePlaceOut } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { useCan } from "@/api/session";
import { useKeys } from "@/shared/keys";
import { plural, sureness } from "@/shared/numbers";
import { Reasons } from "@/shared/Reasons";
import { PanelBody, SlideOver } from "@/shared/SlideOver";
import { pieces } from "@/shared/spans";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import { Ago } from "@/shared/time";
import classes from "./Discovery.module.css";
import { useCandidate } from "./queries";
import type { useDeciding } from "./useDeciding";

type Deciding = ReturnType<typeof useDeciding>;
type Props = { id: string; brands: BrandOut[]; deciding: Deciding; onClose: () => void };

export function CandidatePanel({ id, brands, deciding, onClose }: Props) {
	const candidate = useCandidate(id);
	return (
		<SlideOver
			title={candidate.data?.name ?? "Name"}
			about={candidate.data && `${sureness(candidate.data.score)} likely to be a brand`}
			onClose={onClose}
		>
			{candidate.isPending ? (
				<LoadingPanel what="name" />
			) : failed(candidate) ? (
				<ProblemPanel error={candidate.error} retry={candidate.refetch} />
			) : (
				<PanelBody>
					<Candidate candidate={candidate.data} brands={brands} deciding={deciding} />
				</PanelBody>
			)}
		</SlideOver>
	);
}

type CandidateProps = { candidate: CandidateDetail; brands: BrandOut[]; deciding: Deciding };

function Candidate({ candidate, brands, deciding }: CandidateProps) {
	const may = useCan("analyst");
	const { reasons, places, beside, read_by } = candidate;
	return (
		<Stack gap="lg">
			{may &&
				(candidate.state === "proposed" ? (
					<Decide candidate={candidate} brands={brands} deciding={deciding} />
				) : (
					<Decided candidate={candidate} brands={brands} deciding={deciding} />
				))}
			<section aria-labelledby="why">
				<Title order={3} size="h6" id="why">
					Why it may be a brand
				</Title>
				<Reasons reasons={reasons} most={6} />
			</section>
			{beside.length > 0 && (
				<Text size="sm">
					In the same articles:{" "}
					{beside
						.flatMap(({ brand_id, articles }) => {
							const brand = brands.find(({ id }) => id === brand_id);
							return brand ? `${brand.name} (${articles})` : [];
						})
						.join(", ")}
				</Text>
			)}
			<section aria-labelledby="where">
				<Title order={3} size="h6" id="where">
					{plural(candidate.mentions, "place")} in {plural(candidate.articles, "article")} of{" "}
					{plural(candidate.sources, "site")}
				</Title>
				{read_by && (
					<Text size="xs" c="dimmed">
						{read_by} read {read(places) === 1 ? "one of them" : `${read(places)} of them`}; what it took the
						name for is told under each.
					</Text>
				)}
				<ul className={classes.places}>
					{places.map((place) => (
						<Place key={place.article_id} place={place} />
					))}
				</ul>
			</section>
		</Stack>
	);
}

function Decide({ candidate, brands, deciding }: CandidateProps) {
	const { like } = candidate;
	const [brandId, setBrandId] = useState<string | null>(like?.brand_id ?? null);
	const brand = brands.find(({ id }) => id === brandId);
	const field = useRef<HTMLInputElement>(null);
	useKeys({
		p: () => deciding.busy || deciding.promote(candidate, "competitor"),
		i: () => deciding.busy || deciding.ignore(candidate),
		m: () =>
			like && brand ? deciding.busy || deciding.addAsAlias(candidate, brand) : field.current?.focus(),
	});
	return (
		<Stack gap="sm">
			<Group gap="xs">
				<Button
					leftSection={<Plus size={15} />}
					rightSection={<Kbd size="xs">p</Kbd>}
					disabled={deciding.busy}
					onClick={() => deciding.promote(candidate, "competitor")}
				>
					Watch as competitor
				</Button>
				<Button variant="default" disabled={deciding.busy} onClick={() => deciding.promote(candidate, "own")}>
					As own brand
				</Button>
				<Button
					variant="subtle"
					color="gray"
					leftSection={<EyeOff size={15} />}
					rightSection={<Kbd size="xs">i</Kbd>}
					disabled={deciding.busy}
					onClick={() => deciding.ignore(candidate)}
				>
					Ignore
				</Button>
			</Group>
			{like && (
				<Alert color="blue" title={`It may be ${like.name}: ${sureness(like.probability)} likely`}>
					<Reasons reasons={like.reasons} />
				</Alert>
			)}
			{brands.length > 0 && (
				<div className={classes.merge}>
					<Select
						ref={field}
						label="Another name of"
						placeholder="A brand you watch"
						searchable
						data={brands.map(({ id, name }) => ({ value: id, label: name }))}
						value={brandId}
						onChange={setBrandId}
					/>
					<Button
						variant="light"
						rightSection={<Kbd size="xs">m</Kbd>}
						disabled={!brand || deciding.busy}
						onClick={() => brand && deciding.addAsAlias(candidate, brand)}
					>
						Add the name
					</Button>
				</div>
			)}
		</Stack>
	);
}

function Decided({ candidate, brands, deciding }: CandidateProps) {
	const brand = brands.find(({ id }) => id === candidate.brand_id);
	const words = {
		proposed: "",
		ignored: "Ignored: it is not proposed again.",
		merged: `A name of ${brand?.name ?? "a brand that is no longer watched"}.`,
		promoted: `Watched as ${brand?.name ?? "a brand, and no longer"}.`,
	}[candidate.state];
	return (
		<Group justify="space-between" gap="sm">
			<Text size="sm">{words}</Text>
			{brand && (
				<Anchor
					size="sm"
					renderRoot={(props) => <Link {...props} to="/brands" search={{ brand: brand.id }} />}
				>
					Open {brand.name}
				</Anchor>
			)}
			<Button
				size="xs"
				variant="light"
				leftSection={<Undo2 size={14} />}
				disabled={deciding.busy}
				onClick={() => deciding.back(candidate)}
			>
				Take back
			</Button>
		</Group>
	);
}

function read(places: CandidatePlaceOut[]) {
	return places.filter(({ taken_for }) => taken_for).length;
}

const TAKEN_FOR = {
	company: "Read as a company",
	product: "Read as a product",
	organization: "Read as an organization",
	nothing: "Not read as a brand",
};

function Place({
	place: { sentence, start, end, title, url, outlet, published_at, taken_for },
}: {
	place: CandidatePlaceOut;
}) {
	return (
		<li>
			<blockquote dir="auto">
				{pieces(sentence, [{ start, end, of: true }]).map(({ text, start: at, of }) =>
					of ? <mark key={at}>{text}</mark> : text,
				)}
			</blockquote>
			<Text size="xs" c="dimmed">
				<Anchor href={url} target="_blank" rel="noreferrer" size="xs">
					{title}
				</Anchor>{" "}
				· <bdi>{outlet}</bdi> · <Ago at={published_at} />
				{taken_for && (
					<>
						{" "}
						· <b>{TAKEN_FOR[taken_for]}</b>
					</>
				)}
			</Text>
		</li>
	);
}
