import { escape, sendPage } from './pages.mjs';

/** As Keycloak: who presents the ID token of this session is signed out at once, anyone else is asked. */
export async function logoutPage(ctx, form) {
  const { provider, session, entities } = ctx.oidc;
  const target = session.state.postLogoutRedirectUri;
  if (entities.IdTokenHint?.payload.sub === session.accountId) {
    const state = session.state.state;
    await session.destroy();
    ctx.oidc.cookies.set(provider.cookieName('session'), null);
    const next = new URL(target ?? ctx.oidc.urlFor('end_session_success'));
    if (target && state !== undefined) next.searchParams.set('state', state);
    ctx.status = 303;
    ctx.redirect(next.href);
    return;
  }
  const fields = form.replace('</form>', '<button type="submit" name="logout" value="yes">Sign out</button></form>');
  sendPage(ctx, 'Sign out', `<p>Do you want to sign out of Living City?</p>\n${fields}`, target ? [new URL(target).origin] : []);
}

export function signedOutPage(ctx) {
  sendPage(ctx, 'Signed out', '<p>You are signed out.</p>');
}

export function renderError(ctx, out) {
  sendPage(ctx, 'Sign-in is not possible', `<p class="error" role="alert">${escape(out.error_description ?? out.error)}</p>
<p>Error code: <code>${escape(out.error)}</code></p>`);
}
