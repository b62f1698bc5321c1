// A file of its own, because the page's policy allows no inline script.
const csrfToken = () =>
  document.cookie
    .split("; ")
    .find((cookie) => cookie.startsWith("XSRF-TOKEN="))
    ?.slice("XSRF-TOKEN=".length);

window.SwaggerUIBundle({
  url: "/v3/api-docs",
  dom_id: "#api",
  deepLinking: true,
  requestInterceptor: (request) => {
    const token = csrfToken();
    if (token && !request.headers.Authorization) {
      request.headers["X-XSRF-TOKEN"] = decodeURIComponent(token);
    }
    return request;
  },
});
