import { Badge, Button, Code, CopyButton, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { Sheet } from "lucide-react";
import type { NamePart, NamingOut } from "@/api/generated/types.gen";
import { saveCsv } from "@/shared/csv";
import { DataTable, RowName } from "@/shared/DataTable";
import { count, percent, plural } from "@/shared/numbers";
import classes from "./Ads.module.css";

type Props = { naming: NamingOut; onOpen: (ad: string) => void };

const MOST_VALUES = 8;
const MOST_BAD = 50;

/** How far names follow the pattern: what they say by part, and those to be put right. */
export function NameCoverage({ naming, onOpen }: Props) {
	if (naming.ads === 0)
		return (
			<Text size="sm" c="dimmed">
				The account has no ads yet whose names could be read.
			</Text>
		);
	if (naming.coverage === null)
		return (
			<Text size="sm" c="dimmed">
				Write a pattern above, and here stands how many of the {plural(naming.ads, "name")} follow it, what
				they say, and which are to be put right.
			</Text>
		);
	const { bad, parts, coverage, fitting, ads, values } = naming;
	const names = [...new Set(parts.map(({ part }) => part))];
	return (
		<Stack gap="lg" component="section" aria-label="Coverage of names">
			<div>
				<Text size="sm">
					{count(fitting)} of {plural(ads, "name")} {fitting === 1 ? "follows" : "follow"} the pattern (
					{percent(coverage)})
				</Text>
				<Progress value={coverage * 100} mt={6} aria-label="Names that follow the pattern" />
			</div>
			{names.length > 0 && (
				<div>
					<Title order={3} size="h6" mb="xs">
						What names say
					</Title>
					<dl className={classes.parts}>
						{names.map((name) => (
							<Part
								key={name}
								name={name}
								values={parts.filter(({ part }) => part === name)}
								different={values[name] ?? 0}
							/>
						))}
					</dl>
				</div>
			)}
			{bad.length > 0 && (
				<div>
					<Group justify="space-between" mb="xs">
						<Title order={3} size="h6">
							To be put right
						</Title>
						<Button
							size="compact-sm"
							variant="default"
							leftSection={<Sheet size={14} />}
							data-keeps-panel
							onClick={() =>
								saveCsv("names-to-put-right", [
									["Ad", "Why", "Try"],
									...bad.map(({ name, reason, suggestion }) => [name, reason, suggestion ?? ""]),
								])
							}
						>
							CSV
						</Button>
					</Group>
					<DataTable
						label="Names to be put right"
						rows={bad.slice(0, MOST_BAD)}
						id={({ id }) => id}
						onOpen={onOpen}
						columns={[
							{
								key: "name",
								title: "Name",
								render: ({ id, name, reason, suggestion }) => (
									<div className={classes.bad}>
										<RowName onClick={() => onOpen(id)}>{name}</RowName>
										<Text size="xs" c="dimmed">
											{reason}
										</Text>
										{suggestion && <Suggestion of={name} name={suggestion} />}
									</div>
								),
							},
						]}
					/>
					{ads - fitting > MOST_BAD && (
						<Text size="xs" c="dimmed" mt="xs">
							and {count(ads - fitting - Math.min(bad.length, MOST_BAD))} more
							{bad.length > MOST_BAD && `; the CSV has ${count(bad.length)} of them`}
						</Text>
					)}
				</div>
			)}
		</Stack>
	);
}

type PartProps = {
	name: string;
	values: NamePart[] /** How many there are; only the most frequent came. */;
	different: number;
};

function Part({ name, values, different }: PartProps) {
	const more = different - MOST_VALUES;
	return (
		<>
			<dt>
				<Code>{name}</Code>
			</dt>
			<dd>
				{values.slice(0, MOST_VALUES).map(({ value, ads }) => (
					<Badge key={value} variant="default" title={plural(ads, "ad")}>
						{value} · {count(ads)}
					</Badge>
				))}
				{more > 0 && (
					<Text span size="xs" c="dimmed">
						and {count(more)} more
					</Text>
				)}
			</dd>
		</>
	);
}

function Suggestion({ of, name }: { of: string; name: string }) {
	return (
		<Group gap={6} wrap="nowrap">
			<Code className={classes.suggested}>{name}</Code>
			<CopyButton value={name}>
				{({ copied, copy }) => (
					<Button
						size="compact-xs"
						variant="subtle"
						aria-label={`${copied ? "Copied" : "Copy"} the name to try for ${of}`}
						onClick={(event) => {
							// The row opens its ad.
							event.stopPropagation();
							copy();
						}}
					>
						{copied ? "Copied" : "Copy"}
					</Button>
				)}
			</CopyButton>
		</Group>
	);
}
