import { Divider, NumberInput, Stack, TagsInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { FeedDetail } from "@/api/generated/types.gen";
import { fieldErrors, sentence } from "@/api/problems";
import { useCan } from "@/api/session";
import { ConfirmButton } from "@/shared/ConfirmButton";
import { SecretField } from "@/shared/SecretField";
import { PanelForm, usePanel } from "@/shared/SlideOver";
import { complain, say } from "@/shared/undo";
import { useKeptForm } from "@/shared/useKeptForm";
import { useUnfollowFeed, useUpdateFeed } from "./queries";

/** How a followed feed is called and sorted; what is shown above comes as children. */
export function FeedForm({ feed, children }: { feed: FeedDetail; children: ReactNode }) {
	const { done } = usePanel();
	const may = useCan("analyst");
	const update = useUpdateFeed();
	const form = useKeptForm({
		initialValues: {
			title: feed.title,
			tags: feed.tags,
			timeout: feed.timeout_seconds ?? ("" as number | ""),
			user: "",
			password: "",
		},
		validate: { user: (user, { password }) => (password && !user ? "Who is it, with that password?" : null) },
	});
	const save = ({ user, password, timeout, ...values }: typeof form.values) =>
		update.mutate(
			{
				path: { feed_id: feed.id },
				body: {
					...values,
					timeout_seconds: timeout || null,
					...(user && { credentials: { user, password } }),
				},
			},
			{
				onSuccess: () => {
					say("The feed is saved");
					done();
				},
				onError: (error) => {
					form.setErrors(fieldErrors(error));
					complain(sentence(error));
				},
			},
		);
	return (
		<PanelForm
			onSubmit={form.onSubmit(save)}
			dirty={form.isDirty()}
			saving={update.isPending}
			disabled={!may}
			aside={may && <Unfollow feed={feed} />}
		>
			{children}
			<Divider my="lg" label="Settings" labelPosition="left" />
			<Stack gap="md">
				<TextInput label="Title" {...form.getInputProps("title")} />
				<TagsInput
					label="Tags"
					description="Folders of an OPML file become tags"
					{...form.getInputProps("tags")}
				/>
				<NumberInput
					label="Longest check"
					description="From 5 to 600 seconds, for a site that is slow; empty: as long as usual"
					suffix=" s"
					min={5}
					max={600}
					allowDecimal={false}
					clampBehavior="blur"
					{...form.getInputProps("timeout")}
				/>
				<TextInput
					label="User"
					autoComplete="off"
					description={
						feed.has_credentials
							? "It has a user and password, stored encrypted. Fill in both to replace them"
							: "Only for feeds that ask for it; such a feed is fetched for you alone"
					}
					{...form.getInputProps("user")}
				/>
				{form.values.user && (
					<SecretField label="Password" autoComplete="new-password" {...form.getInputProps("password")} />
				)}
			</Stack>
		</PanelForm>
	);
}

function Unfollow({ feed }: { feed: FeedDetail }) {
	const { done } = usePanel();
	const unfollow = useUnfollowFeed();
	return (
		<ConfirmButton
			question={`Stop following ${feed.title || feed.url}?`}
			consequence="Nothing new is read from it. Mentions found in it stay."
			yes="Unfollow"
			loading={unfollow.isPending}
			onConfirm={() =>
				unfollow.mutate(
					{ path: { feed_id: feed.id } },
					{
						onSuccess: () => {
							say("No longer followed");
							done();
						},
						onError: (error) => complain(sentence(error)),
					},
				)
			}
		>
			Unfollow
		</ConfirmButton>
	);
}
