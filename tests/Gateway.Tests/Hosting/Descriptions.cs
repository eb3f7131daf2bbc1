using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LivingCity.Gateway.Tests.Hosting;

/// <summary>OpenAPI documents of the backends: they share one component, disagree about another, and describe a path that the gateway hides.</summary>
internal static class Descriptions
{
    public static Action<WebApplication> Of(string service) => app => app.MapGet("/openapi/v1.json", () => Results.Text(Document(service), "application/json"));

    public static string Document(string service) => $$"""
        {
          "openapi": "3.1.1",
          "info": { "title": "{{service}}", "version": "v1" },
          "paths": {
            "/api/{{service}}/v1/things": {
              "get": {
                "operationId": "listThings",
                "responses": { "200": { "description": "All", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } }
              },
              "post": {
                "operationId": "add-{{service}}",
                "tags": ["{{service}} things"],
                "security": [{ "realm": [] }],
                "requestBody": { "content": { "application/json": { "schema": { "oneOf": [{ "$ref": "#/components/schemas/Thing" }],
                  "discriminator": { "propertyName": "kind", "mapping": { "thing": "#/components/schemas/Thing" } } } } } },
                "responses": { "400": { "description": "Bad", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/ProblemDetails" } } } } }
              }
            },
            "/internal/{{service}}": { "get": { "responses": { "200": { "description": "Hidden" } } } }
          },
          "components": {
            "schemas": {
              "Thing": { "type": "object", "properties": { "kind": { "type": "string" }, "{{service}}": { "type": "string" } } },
              "ProblemDetails": { "type": "object", "properties": { "type": { "type": "string" } } }
            },
            "securitySchemes": { "realm": { "type": "openIdConnect", "openIdConnectUrl": "http://localhost/.well-known/openid-configuration" } }
          }
        }
        """;
}
