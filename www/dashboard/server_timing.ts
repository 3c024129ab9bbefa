// What a server said of its own time, in the header `Server-Timing`.

export interface ServerTiming {
  name: string;
  duration_ms: number | null;
  description: string;
}

/** As in `db;dur=5;desc="users, all", cache`: commas and semicolons within quotes divide nothing. */
export function readServerTiming(header: string): ServerTiming[] {
  return divide(header, ',').flatMap((metric) => {
    const [name = '', ...parameters] = divide(metric, ';');
    if (name === '') return [];
    const value = (key: string): string | undefined => {
      const found = parameters.find((parameter) => parameter.toLowerCase().startsWith(`${key}=`));
      return found?.slice(key.length + 1).replace(/^"(.*)"$/, '$1');
    };
    const duration = Number.parseFloat(value('dur') ?? '');
    return [{ name, duration_ms: Number.isNaN(duration) ? null : duration, description: value('desc') ?? '' }];
  });
}

function divide(text: string, by: string): string[] {
  const parts = text.match(new RegExp(`(?:"[^"]*"|[^${by}"])+`, 'g')) ?? [];
  return parts.map((part) => part.trim());
}
