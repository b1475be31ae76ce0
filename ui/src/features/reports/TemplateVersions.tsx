import { Badge, Button, Group, Text } from "@mantine/core";
import type { TemplateOut, TemplateVersionOut } from "@/api/generated/types.gen";
import { failed, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { plural } from "@/shared/numbers";
import { LoadingRows, ProblemPanel } from "@/shared/states";
import { moment } from "@/shared/time";
import { complain, say } from "@/shared/undo";
import { inShort, labelOf } from "./blocks";
import classes from "./Templates.module.css";
import { useRestoreVersion, useVersions } from "./templates";

/** What a template was, newest first; an older version can be had again. */
export function TemplateVersions({ template }: { template: TemplateOut }) {
	const versions = useVersions(template.id);
	if (versions.isPending) return <LoadingRows what="versions" rows={3} />;
	if (failed(versions)) return <ProblemPanel error={versions.error} retry={versions.refetch} />;
	return (
		<ol className={classes.versions} reversed>
			{versions.data.map((one) => (
				<Version key={one.version} template={template} one={one} />
			))}
		</ol>
	);
}

/** What became of its name, where it was called otherwise then. */
function called(then: TemplateVersionOut, before: TemplateOut, now: TemplateOut): string {
	if (then.name === before.name) return "";
	if (now.name === then.name) return `, and called “${now.name}” again`;
	return `. It stays “${now.name}”, because another template is called “${then.name}” by now`;
}

function Version({ template, one }: { template: TemplateOut; one: TemplateVersionOut }) {
	const restore = useRestoreVersion();
	const may = useCan("analyst");
	const newest = one.version === template.version;
	return (
		<li>
			<Group justify="space-between" gap="xs">
				<Group gap="xs">
					<Text size="sm" fw={600}>
						Version {one.version}
					</Text>
					{newest && <Badge color="teal">newest</Badge>}
					{one.restored_from && <Badge color="gray">copy of {one.restored_from}</Badge>}
				</Group>
				{!newest && may && (
					<Button
						size="compact-sm"
						variant="default"
						loading={restore.isPending}
						onClick={() =>
							restore.mutate(
								{ path: { template_id: template.id, version: one.version } },
								{
									onSuccess: (now) =>
										say(
											`Version ${one.version} is back, as version ${now.version}${called(one, template, now)}`,
										),
									onError: (error) => complain(sentence(error)),
								},
							)
						}
					>
						Restore version {one.version}
					</Button>
				)}
			</Group>
			<Text size="xs" c="dimmed">
				{moment(one.created_at)} · {one.name} · {plural(one.blocks.length, "block")}
			</Text>
			<details className={classes.outline}>
				<summary>Its blocks</summary>
				<ol>
					{one.blocks.map((block, at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a version never changes
						<li key={at}>
							{labelOf(block)}
							{inShort(block) && <span> — {inShort(block)}</span>}
						</li>
					))}
				</ol>
			</details>
		</li>
	);
}
