using LivingCity.PortalClient.Tests.Hosting;
using LivingCity.Testing;

[assembly: AssemblyFixture(typeof(Infrastructure))]
[assembly: AssemblyFixture(typeof(DemonstrationPlatform))]
[assembly: AssemblyFixture(typeof(Chromium))]
