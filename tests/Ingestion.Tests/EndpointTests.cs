using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests;

public sealed class EndpointTests(HostFixture<Program> fixture, Infrastructure infrastructure) : EndpointRules<Program>(fixture, infrastructure);
