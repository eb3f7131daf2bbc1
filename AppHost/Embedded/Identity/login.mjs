import { readForm } from './forms.mjs';
import { escape, sendPage } from './pages.mjs';
import { signIn } from './passwords.mjs';

const LOGIN_PATH = /^\/login-actions\/authenticate\/[\w-]+$/;

/** The page that asks for name and password; an ordinary form, so that it works without scripts. */
export function addLogin(provider, realm) {
  const targets = [...new Set([...realm.clients.values()].flatMap((client) => client.redirectUris ?? []).map((uri) => new URL(uri).origin))];
  provider.use(async (ctx, next) => {
    if (!LOGIN_PATH.test(ctx.path) || !['GET', 'POST'].includes(ctx.method)) return next();
    const interaction = await provider.interactionDetails(ctx.req, ctx.res).catch(() => undefined);
    if (!interaction || !ctx.path.endsWith(`/${interaction.uid}`)) {
      ctx.status = 400;
      return sendPage(ctx, 'Sign-in expired', '<p>This sign-in took too long or was started in another browser. Please start again from the application.</p>');
    }
    if (ctx.method === 'GET') return sendLogin(ctx, realm, targets, { login: interaction.params.login_hint });

    const form = await readForm(ctx);
    const user = signIn(realm, form.get('username'), form.get('password'));
    if (!user) return sendLogin(ctx, realm, targets, { login: form.get('username'), failed: true });
    ctx.respond = false;
    return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: user.id, acr: '1', amr: ['pwd'] } });
  });
}

function sendLogin(ctx, realm, targets, { login = '', failed = false }) {
  const error = failed ? '<p class="error" id="error" role="alert">Invalid user name or password.</p>' : '';
  const described = failed ? ' aria-invalid="true" aria-describedby="error"' : '';
  const people = realm.people().map((user) => `<li>${escape(user.username)}: ${escape(user.realmRoles.join(', '))}</li>`).join('\n');
  sendPage(ctx, 'Sign in', `${error}
<form method="post">
<label for="username">User name or e-mail</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${escape(login ?? '')}"${described}${login ? '' : ' autofocus'}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}${login ? ' autofocus' : ''}>
<button type="submit">Sign in</button>
</form>
<details>
<summary>Demonstration users</summary>
<ul>
${people}
</ul>
</details>`, targets);
}
