import type { ChannelOut } from "@/api/generated/types.gen";

export type Sort = ChannelOut["sort"];

export const SORT_NAMES: Record<Sort, string> = {
	webhook: "Webhook",
	slack: "Slack",
	teams: "Teams",
	discord: "Discord",
	ntfy: "ntfy",
	email: "E-mail",
};

/** What the address of a channel looks like, and where one finds it. */
export const ADDRESSES: Record<Sort, { placeholder: string; hint: string }> = {
	webhook: {
		placeholder: "https://tools.example.com/hooks/brandhound",
		hint: "Takes a POST with JSON, signed with a secret that you see once",
	},
	slack: {
		placeholder: "https://hooks.slack.com/services/…",
		hint: "From an app with “Incoming Webhooks” in your workspace",
	},
	teams: {
		placeholder: "https://….logic.azure.com/workflows/…",
		hint: "From the workflow “Post to a channel when a webhook request is received”",
	},
	discord: {
		placeholder: "https://discord.com/api/webhooks/…",
		hint: "From the channel’s settings, under Integrations",
	},
	ntfy: { placeholder: "https://ntfy.sh/your-secret-topic", hint: "The address of your topic" },
	email: { placeholder: "team@example.com", hint: "Whoever reads it can end such mails by their link" },
};
