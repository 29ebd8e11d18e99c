export const formats = ["pretty", "json", "sarif", "github", "gitlab", "junit", "markdown"] as const;
export type Format = (typeof formats)[number];
