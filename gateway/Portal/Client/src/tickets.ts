export interface Pack {
  readonly event: string;
  readonly key: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string };
  readonly sessions: readonly { readonly id: string; readonly title: string; readonly seats: readonly string[] }[];
  readonly names: Readonly<Record<string, string>>;
}

export type Outcome = 'admitted' | 'again' | 'no-seat' | 'forged';

/** The participant of a ticket (LC1.event.participant.signature), or undefined for one that is not of this event or not signed by its key. */
export async function check(pack: Pack, ticket: string): Promise<string | undefined> {
  const parts = ticket.split('.');
  const [version, event, id, signature] = parts;
  if (parts.length !== 4 || version !== 'LC1' || event !== pack.event || !id || !signature) return undefined;
  try {
    const key = await crypto.subtle.importKey('jwk', { kty: pack.key.kty, crv: pack.key.crv, x: pack.key.x, y: pack.key.y }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    const signed = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, octets(signature), new TextEncoder().encode(`${version}.${event}.${id}`));
    return signed ? guid(octets(id)) : undefined;
  } catch {
    return undefined;
  }
}

/** What is said to who brings a ticket to a door. */
export function outcomeOf(pack: Pack, session: string, participant: string | undefined, seen: ReadonlySet<string>): Outcome {
  if (!participant) return 'forged';
  if (seen.has(participant)) return 'again';
  return pack.sessions.find((candidate) => candidate.id === session)?.seats.includes(participant) ? 'admitted' : 'no-seat';
}

function octets(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function guid(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
