using LivingCity.Testing;

namespace LivingCity.Twin.Tests;

public sealed class EndpointTests(HostFixture<Program> fixture, Infrastructure infrastructure) : EndpointRules<Program>(fixture, infrastructure);
