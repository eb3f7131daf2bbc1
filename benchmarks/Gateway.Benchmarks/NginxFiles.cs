namespace LivingCity.Gateway.Benchmarks;

/// <summary>nginx as backend, which also swallows the telemetry, and as the proxy to compare with. Both as fast as nginx is: no access log, keep-alive everywhere.</summary>
internal static class NginxFiles
{
    public static string Backend(string folder, int port) => $$"""
        {{Common(folder, "backend")}}
          keepalive_requests 1000000;
          server {
            listen 127.0.0.1:{{port}};
            location / { default_type application/json; return 200 '{{SmallBackends.Answer}}'; }
            location /v1/ { return 200; }
          }
        }
        """;

    public static string Proxy(string folder, int port, int backend) => $$"""
        {{Common(folder, "proxy")}}
          keepalive_requests 1000000;
          upstream backend { server 127.0.0.1:{{backend}}; keepalive 128; keepalive_requests 1000000; }
          server {
            listen 127.0.0.1:{{port}};
            location / {
              proxy_pass http://backend;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $host;
            }
          }
        }
        """;

    private static string Common(string folder, string name) => $$"""
        daemon off;
        worker_processes auto;
        pid {{folder}}/{{name}}.pid;
        error_log stderr error;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/{{name}}-body;
          proxy_temp_path {{folder}}/{{name}}-proxy;
          fastcgi_temp_path {{folder}}/{{name}}-fastcgi;
          uwsgi_temp_path {{folder}}/{{name}}-uwsgi;
          scgi_temp_path {{folder}}/{{name}}-scgi;
        """;
}
