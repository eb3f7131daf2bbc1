using LivingCity.PortalClient.Tests.Hosting;

[assembly: AssemblyFixture(typeof(DemonstrationPlatform))]
[assembly: AssemblyFixture(typeof(Chromium))]
