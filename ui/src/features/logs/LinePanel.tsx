import { Button, Code, CopyButton, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Copy, Filter } from "lucide-react";
import type { ReactNode } from "react";
import type { LogRecordFull } from "@/api/generated/types.gen";
import { failed } from "@/api/problems";
import { PanelBody, PanelFoot, SlideOver } from "@/shared/SlideOver";
import { LoadingPanel, ProblemPanel } from "@/shared/states";
import classes from "./Logs.module.css";
import { useLine } from "./queries";
import { FIELDS, type Field, type LogsSearch } from "./search";

type Props = {
	id: string;
	scope: LogsSearch["scope"];
	onClose: () => void;
	onNarrow: (change: LogsSearch) => void;
};

const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const AROUND = 30_000;

export function LinePanel({ id, scope, onClose, onNarrow }: Props) {
	const line = useLine(id, scope);
	return (
		<SlideOver
			title={line.data ? <Level line={line.data} /> : "Log line"}
			about={line.data && `${line.data.process} ${line.data.pid} on ${line.data.host}, line ${line.data.seq}`}
			onClose={onClose}
		>
			{line.isPending ? (
				<LoadingPanel what="line" />
			) : failed(line) ? (
				<ProblemPanel error={line.error} retry={line.refetch} />
			) : (
				<Line line={line.data} onNarrow={onNarrow} />
			)}
		</SlideOver>
	);
}

function Level({ line }: { line: LogRecordFull }) {
	const date = new Date(line.at);
	return (
		<>
			<span className={classes.level} data-level={line.level}>
				{line.level}
			</span>{" "}
			<time dateTime={line.at}>
				{full.format(date)}.{String(date.getMilliseconds()).padStart(3, "0")}
			</time>
		</>
	);
}

function Line({ line, onNarrow }: { line: LogRecordFull; onNarrow: (change: LogsSearch) => void }) {
	const about = (Object.keys(FIELDS) as Field[]).filter((name) => line[name]);
	const around = (milliseconds: number) => new Date(new Date(line.at).getTime() + milliseconds).toISOString();
	return (
		<>
			<PanelBody>
				<Stack gap="lg">
					<Text style={{ overflowWrap: "anywhere" }}>{line.text}</Text>
					<dl className={classes.facts}>
						{about.map((name) => (
							<Fact key={name} name={FIELDS[name]}>
								{line[name]}
								<Group gap="xs" mt={2} mb={4}>
									<Button
										size="compact-xs"
										variant="default"
										leftSection={<Filter size={11} />}
										onClick={() => onNarrow({ [name]: String(line[name]) })}
									>
										Only this {FIELDS[name].toLowerCase()}
									</Button>
									{name === "run_id" && (
										<Button
											size="compact-xs"
											variant="default"
											renderRoot={(props) => (
												<Link {...props} to="/jobs" search={{ run: line.run_id ?? "" }} />
											)}
										>
											Open the run
										</Button>
									)}
									{name === "feed_id" && (
										<Button
											size="compact-xs"
											variant="default"
											renderRoot={(props) => (
												<Link {...props} to="/feeds" search={{ feed: line.feed_id ?? "" }} />
											)}
										>
											Open the feed
										</Button>
									)}
								</Group>
							</Fact>
						))}
						{Object.entries(line.facts).map(([name, value]) => (
							<Fact key={name} name={name}>
								{typeof value === "string" ? value : JSON.stringify(value)}
							</Fact>
						))}
					</dl>
					{line.traceback && (
						<section aria-labelledby="traceback">
							<Title order={3} size="h6" mb="xs" id="traceback">
								Traceback
							</Title>
							<Code block fz={11.5} tabIndex={0} style={{ overflowX: "auto" }}>
								{line.traceback}
							</Code>
						</section>
					)}
				</Stack>
			</PanelBody>
			<PanelFoot>
				<CopyButton value={JSON.stringify(line, null, 2)}>
					{({ copied, copy }) => (
						<Button variant="default" leftSection={<Copy size={14} />} onClick={copy}>
							{copied ? "Copied" : "Copy as JSON"}
						</Button>
					)}
				</CopyButton>
				<Button
					variant="default"
					onClick={() => onNarrow({ since: around(-AROUND), until: around(AROUND), span: undefined })}
				>
					The minute around it
				</Button>
			</PanelFoot>
		</>
	);
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
	return (
		<>
			<dt>{name}</dt>
			<dd>{children}</dd>
		</>
	);
}
