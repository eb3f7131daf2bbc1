using Npgsql;

namespace LivingCity.AppHost.Embedded;

/// <summary>A PostgreSQL server.</summary>
public sealed class PostgresServerResource : Resource, IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithWaitSupport
{
    private readonly string? configured;
    private readonly ParameterResource? user;
    private readonly ParameterResource? password;

    internal PostgresServerResource(string name, string? configured, ParameterResource? user, ParameterResource? password, int? port)
        : base(name)
    {
        (this.configured, this.user, this.password) = (configured, user, password);
        if (!IsExternal)
        {
            Endpoints.Add(new("tcp", "tcp", port, "127.0.0.1"));
        }
    }

    public ReferenceExpression ConnectionStringExpression => new(() => Connection().ConnectionString);

    /// <summary>The server is somebody else's: it is neither started nor stopped here.</summary>
    internal bool IsExternal => !string.IsNullOrEmpty(configured);

    internal Secrets? Secrets { get; private set; }

    internal override string Kind => "PostgreSQL";

    internal override ILifecycle CreateLifecycle(Stack stack)
    {
        Secrets = stack.Data.Secrets;
        return IsExternal ? new ExternalPostgres(this) : new PrivatePostgres(this, stack);
    }

    /// <summary>How the server's administrator connects.</summary>
    internal NpgsqlConnectionStringBuilder Connection() => IsExternal
        ? new(configured)
        : new() { Host = "127.0.0.1", Port = Endpoint("tcp").Port(), Username = UserName, Password = Password };

    internal string UserName => user?.GetValue() ?? "postgres";

    internal string Password => password?.GetValue() ?? Secrets!.Get(Name);
}

/// <summary>A database of a server, and the only login that may use it.</summary>
public sealed class PostgresDatabaseResource : Resource, IResourceWithConnectionString, IResourceWithWaitSupport
{
    internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server)
        : base(name)
    {
        (DatabaseName, Server) = (databaseName, server);
        Waits.Add(new(server));
    }

    public string DatabaseName { get; }

    public ReferenceExpression ConnectionStringExpression => new(() => Connection().ConnectionString);

    internal PostgresServerResource Server { get; }

    internal override string Kind => "database";

    internal string Password => Server.Secrets!.Get(Name);

    internal override ILifecycle CreateLifecycle(Stack stack) => new DatabaseLifecycle(this, stack);

    /// <summary>On a private server each database has a login of its own; on a configured one its login serves all, as it may not be allowed to make more.</summary>
    internal NpgsqlConnectionStringBuilder Connection()
    {
        var connection = Server.Connection();
        connection.Database = DatabaseName;
        if (!Server.IsExternal)
        {
            connection.Username = DatabaseName;
            connection.Password = Password;
        }

        return connection;
    }
}
