using LivingCity.Testing;

[assembly: AssemblyFixture(typeof(Infrastructure))]
