import { Alert, Button, Group, Skeleton, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { isProblem, sentence } from "@/api/problems";
import { SecretField } from "@/shared/SecretField";
import { PanelForm } from "@/shared/SlideOver";
import { AboutError } from "@/shared/states";
import { say } from "@/shared/undo";
import { Preview } from "./Preview";
import { useFollowFeed, useTestFeed } from "./queries";

/** Following by address: it is fetched before one's eyes first. */
export function NewFeed({ onOpen }: { onOpen: (id: string) => void }) {
	const test = useTestFeed();
	const follow = useFollowFeed();
	const form = useForm({
		initialValues: { url: "", tags: [] as string[], locked: false, user: "", password: "" },
		validate: {
			url: (url) =>
				url.trim().includes(".") || url.includes("localhost") ? null : "An address, such as example.com",
		},
	});
	const credentials = () => {
		const { locked, user, password } = form.values;
		return locked && user ? { credentials: { user, password } } : {};
	};
	const look = (url = form.values.url) => {
		if (form.validateField("url").hasError) return;
		test.mutate({ body: { url: url.trim(), ...credentials() } });
	};
	const choose = (url: string) => {
		form.setFieldValue("url", url);
		test.mutate({ body: { url, ...credentials() } });
	};
	const works = test.data && !test.data.problem;
	const known = works ? test.data.followed_feed_id : null;
	const submit = () => {
		if (!works) {
			look();
			return;
		}
		follow.mutate(
			{
				body: {
					url: test.data.final_url || form.values.url.trim(),
					tags: form.values.tags,
					...credentials(),
				},
			},
			{
				onSuccess: (feed) => {
					say(`${feed.title || feed.url} is followed`);
					form.resetDirty();
					// The form is told to be clean before its panel shows the new feed.
					setTimeout(() => onOpen(feed.id));
				},
			},
		);
	};
	const wrong = follow.error ?? test.error;
	const already = isProblem(follow.error) && follow.error.code === "feeds/already-followed";
	return (
		<PanelForm
			onSubmit={form.onSubmit(submit)}
			dirty={form.isDirty() && !follow.isSuccess}
			saving={follow.isPending || (test.isPending && !works)}
			save={works ? "Follow" : "Look at it"}
			disabled={Boolean(known)}
		>
			<Stack gap="md">
				<Group align="flex-end" gap="xs" wrap="nowrap">
					<TextInput
						flex={1}
						label="Address"
						description="Of a feed, or of a site that has one"
						placeholder="example.com"
						data-autofocus
						type="url"
						inputMode="url"
						{...form.getInputProps("url")}
						onChange={(event) => {
							form.setFieldValue("url", event.currentTarget.value);
							test.reset();
							follow.reset();
						}}
					/>
					{works && (
						<Button variant="default" loading={test.isPending} onClick={() => look()}>
							Look again
						</Button>
					)}
				</Group>
				<Switch
					label="It asks for a user and password"
					{...form.getInputProps("locked", { type: "checkbox" })}
				/>
				{form.values.locked && (
					<Group grow>
						<TextInput label="User" autoComplete="off" {...form.getInputProps("user")} />
						<SecretField label="Password" autoComplete="new-password" {...form.getInputProps("password")} />
					</Group>
				)}
				{(test.isError || follow.isError) && (
					<Alert color={already ? "yellow" : "red"} role="alert">
						{sentence(wrong)} {isProblem(wrong) && wrong.code && <AboutError code={wrong.code} />}
					</Alert>
				)}
				{test.isPending && (
					<Stack gap="xs" role="status" aria-label="Fetching the address">
						<Skeleton h={16} w="60%" />
						<Skeleton h={12} />
						<Skeleton h={12} w="85%" />
					</Stack>
				)}
				{known && (
					<Alert color="iris">
						You follow it already.{" "}
						<Button variant="transparent" size="compact-sm" onClick={() => onOpen(known)}>
							Open it
						</Button>
					</Alert>
				)}
				{test.data && <Preview preview={test.data} onChoose={choose} />}
				{works && <TagsInput label="Tags" {...form.getInputProps("tags")} />}
			</Stack>
		</PanelForm>
	);
}
